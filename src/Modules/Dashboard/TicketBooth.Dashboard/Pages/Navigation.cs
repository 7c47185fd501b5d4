using System.Security.Claims;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The menu, in its order.</summary>
internal static class Navigation
{
    private static readonly Item[] All =
    [
        new("/Index", "Overview"),
        new("/Events", "Events", Start: "/Events/Index"),
        new("/Orders", "Orders", Start: "/Orders/Index"),
        new("/DeadLetters", "Failed messages"),
        new("/Users", "Users", AdminOnly: true),
        new("/AuditLog", "Audit log", AdminOnly: true),
        new("/Maintenance", "Maintenance", AdminOnly: true),
        new("/Security", "Security"),
    ];

    public static IEnumerable<Item> For(ClaimsPrincipal user) => All.Where(item => !item.AdminOnly || user.IsInRole(Roles.Admin));

    /// <param name="Page">The page's path below Pages. Pages in a folder of that name belong to the item too.</param>
    /// <param name="Text">A key of <see cref="Words"/>.</param>
    /// <param name="AdminOnly">Only administrators see the item. The page itself refuses others.</param>
    /// <param name="Start">The page to which the item leads; null when that is <paramref name="Page"/>.</param>
    internal sealed record Item(string Page, string Text, bool AdminOnly = false, string? Start = null)
    {
        public string Target => Start ?? Page;

        public bool IsCurrent(string? page) => page == Page || page?.StartsWith(Page + "/", StringComparison.Ordinal) == true;
    }
}
