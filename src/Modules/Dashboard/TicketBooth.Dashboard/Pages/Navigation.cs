using System.Security.Claims;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The menu: groups of items, in their order.</summary>
internal static class Navigation
{
    private static readonly (string Text, Item[] Items)[] All =
    [
        (
            "Sales",
            [
                new("/Index", "Overview", "M2 2h5v6H2zM9 2h5v4H9zM2 10h5v4H2zM9 8h5v6H9z"),
                new("/Events", "Events", "M2 4h12v10H2zM2 7h12M5 2v3M11 2v3", Start: "/Events/Index"),
                new("/Orders", "Orders", "M2 4h12v3a1.5 1.5 0 0 0 0 3v2H2v-2a1.5 1.5 0 0 0 0-3zM9 4v8", Start: "/Orders/Index"),
                new(
                    "/Counter",
                    "Counter",
                    "M2 6h12v8H2zM4 6V2h8v4M5 9h0M8 9h0M11 9h0M5 11.5h0M8 11.5h0M11 11.5h0",
                    Start: "/Counter/Index"
                ),
                new("/MoneyCases", "Money", "M2 4h12v8H2zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM4 8h0M12 8h0", Start: "/MoneyCases/Index")
                {
                    CountsMoney = true,
                },
                new("/Mails", "Mails", "M2 3h12v10H2zM2 5l6 4 6-4", Start: "/Mails/Index") { IsOfMails = true },
            ]
        ),
        (
            "People",
            [
                new("/Users", "Users", "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14a5.5 5.5 0 0 1 11 0z", AdminOnly: true),
                new("/AuditLog", "Audit log", "M3 2h10v12H3zM5.5 5h5M5.5 8h5M5.5 11h3", AdminOnly: true),
            ]
        ),
        (
            "System",
            [
                new("/DeadLetters", "Failed messages", "M2 4h12v9H2zM2 4l6 5 6-5"),
                new("/Maintenance", "Maintenance", "M13.5 8A5.5 5.5 0 1 1 11.9 4.1M12 1.5v3H9", AdminOnly: true),
            ]
        ),
        ("Your account", [new("/Security", "Security", "M8 1.5l5.5 2v4c0 3.5-2.3 6-5.5 7-3.2-1-5.5-3.5-5.5-7v-4z")]),
    ];

    /// <summary>What this user may open. A group's text is a key of <see cref="Words"/>.</summary>
    public static IEnumerable<(string Text, Item[] Items)> For(ClaimsPrincipal user, MailsSwitch mails) =>
        All.Select(group =>
                (
                    group.Text,
                    Items: Array.FindAll(group.Items, item =>
                        (!item.AdminOnly || user.IsInRole(Roles.Admin)) && (!item.IsOfMails || mails.IsOn)
                    )
                )
            )
            .Where(group => group.Items.Length > 0);

    /// <param name="Page">The page's path below Pages. Pages in a folder of that name belong to the item too.</param>
    /// <param name="Text">A key of <see cref="Words"/>.</param>
    /// <param name="Icon">The path of its drawing in a square of 16 by 16.</param>
    /// <param name="AdminOnly">Only administrators see the item. The page itself refuses others.</param>
    /// <param name="Start">The page to which the item leads; null when that is <paramref name="Page"/>.</param>
    internal sealed record Item(string Page, string Text, string Icon, bool AdminOnly = false, string? Start = null)
    {
        /// <summary>Beside it stands how much money waits for staff.</summary>
        public bool CountsMoney { get; init; }

        /// <summary>Only where mails are sent.</summary>
        public bool IsOfMails { get; init; }

        public string Target => Start ?? Page;

        public bool IsCurrent(string? page) => page == Page || page?.StartsWith(Page + "/", StringComparison.Ordinal) == true;
    }
}
