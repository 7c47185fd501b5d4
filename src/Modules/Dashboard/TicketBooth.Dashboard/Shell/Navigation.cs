using System.Security.Claims;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The menu, in its order.</summary>
internal static class Navigation
{
    private static readonly Item[] All =
    [
        new("/Index", "Overview"),
        new("/Events", "Events", Start: "/Events/Index"),
        new("/Orders", "Orders", Start: "/Orders/Index"),
        new("/DeadLetters", "Dead letters"),
        new("/Users", "Users", AdminOnly: true),
        new("/Acts", "Audit log", AdminOnly: true),
        new("/Upkeep", "Upkeep", AdminOnly: true),
        new("/Security", "Security"),
    ];

    public static IEnumerable<Item> For(ClaimsPrincipal user) => All.Where(item => !item.AdminOnly || user.IsInRole(Roles.Admin));

    /// <param name="Page">Its path below Pages; pages in a folder of that name belong to it.</param>
    /// <param name="Text">A key of <see cref="Words"/>.</param>
    /// <param name="AdminOnly">Only administrators see the item; the page itself keeps the others out.</param>
    /// <param name="Start">Where the item leads, when that is not the page of its own name.</param>
    internal sealed record Item(string Page, string Text, bool AdminOnly = false, string? Start = null)
    {
        public string Target => Start ?? Page;

        public bool IsCurrent(string? page) => page == Page || page?.StartsWith(Page + "/", StringComparison.Ordinal) == true;
    }
}
