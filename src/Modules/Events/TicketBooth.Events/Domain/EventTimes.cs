using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>The rules for an edit of when and where a show takes place.</summary>
internal static class EventTimes
{
    /// <summary>A time that an edit changes must lie ahead; one that stays may have passed. Null when the times are right.</summary>
    public static Error? WhyNot(Event current, EventForm form, DateTimeOffset now) =>
        IsPast(current.StartsAt, form.StartsAt, now) ? EventsErrors.Invalid("startsAt", "Must lie ahead.")
        : IsPast(current.EndsSellingAt, form.EndsSellingAt, now) ? EventsErrors.Invalid("endsSellingAt", "Must lie ahead.")
        : null;

    /// <summary>Whether people who have tickets would have them for another time or place.</summary>
    public static bool IsMovedForBuyers(Event current, EventForm form) =>
        current.Taken > 0 && (current.StartsAt != form.StartsAt || current.Venue != form.Venue.Trim());

    private static bool IsPast(DateTimeOffset before, DateTimeOffset after, DateTimeOffset now) => after != before && after <= now;
}
