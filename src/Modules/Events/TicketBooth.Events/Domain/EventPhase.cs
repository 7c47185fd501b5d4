using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>What decides an event's status.</summary>
internal readonly record struct EventPhase(bool IsPublished, bool IsCanceled, DateTimeOffset StartsAt, DateTimeOffset EndsSellingAt)
{
    /// <summary>When a published event is over. The sale may close after the start: tickets are sold at the door.</summary>
    public DateTimeOffset EndsAt => StartsAt > EndsSellingAt ? StartsAt : EndsSellingAt;

    public EventStatus StatusAt(DateTimeOffset now)
    {
        if (IsCanceled)
        {
            return EventStatus.Canceled;
        }

        if (!IsPublished)
        {
            return EventStatus.Draft;
        }

        return now >= EndsAt ? EventStatus.Ended : EventStatus.Published;
    }

    /// <summary>When the status next changes by itself; <see cref="DateTimeOffset.MaxValue"/> when it does not.</summary>
    public DateTimeOffset StatusHoldsUntil(DateTimeOffset now) => StatusAt(now) == EventStatus.Published ? EndsAt : DateTimeOffset.MaxValue;
}
