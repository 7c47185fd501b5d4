using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>The head of every page about one event: what it is, what can be done with it, and its pages as tabs.</summary>
/// <param name="Current">Which tab is open: the page's path below Pages.</param>
internal sealed record EventTabs(Guid Id, string Name, string Venue, DateTimeOffset StartsAt, EventStatus Status, string Current)
{
    public const string Summary = "/Events/Watch";
    public const string Orders = "/Events/Orders";
    public const string Prices = "/Events/Prices";
    public const string OffSale = "/Events/OffSale";
    public const string Door = "/Events/Door";
    public const string Settings = "/Events/Edit";

    /// <summary>The tabs in their order: their pages and texts.</summary>
    public static readonly IReadOnlyList<(string Page, string Text)> All =
    [
        (Summary, "Summary"),
        (Orders, "Orders"),
        (Prices, "Prices"),
        (OffSale, "Off sale"),
        (Door, "At the door"),
        (Settings, "Settings"),
    ];

    /// <summary>Whether only administrators open it.</summary>
    public static bool IsForAdmins(string page) => page is OffSale or Door or Settings;

    public bool IsDraft => Status == EventStatus.Draft;

    public static EventTabs Of(EditableEvent shown, string current)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return new(shown.EventId, shown.Form.Name, shown.Form.Venue, shown.Form.StartsAt, shown.Status, current);
    }
}
