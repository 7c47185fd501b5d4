using System.Security.Claims;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The menu, in its order.</summary>
internal static class Navigation
{
    private static readonly Item[] All =
    [
        new("/Index", "Overview"),
        new("/Users", "Users", AdminOnly: true),
        new("/Security", "Security"),
    ];

    public static IEnumerable<Item> For(ClaimsPrincipal user) => All.Where(item => !item.AdminOnly || user.IsInRole(Roles.Admin));

    /// <param name="Page">Its path below Pages; pages in a folder of that name belong to it.</param>
    /// <param name="Text">A key of <see cref="Words"/>.</param>
    /// <param name="AdminOnly">Only administrators see the item; the page itself keeps the others out.</param>
    internal sealed record Item(string Page, string Text, bool AdminOnly = false)
    {
        public bool IsCurrent(string? page) => page == Page || page?.StartsWith(Page + "/", StringComparison.Ordinal) == true;
    }
}
