using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>
/// A decided change of an event: the event after it, and what is stored and published with it. Nothing has happened yet: the change is
/// thrown away, and decided again, when another change was written first.
/// </summary>
internal sealed record EventChange
{
    private EventChange(Event before, Event after, DateTimeOffset at) =>
        (Before, After, At) = (before, after.Version == before.Version ? after : after with { ChangedAt = at }, at);

    /// <summary>The event that the decision is about.</summary>
    public Event Before { get; }

    /// <summary>The event as it is to be stored.</summary>
    public Event After { get; private init; }

    /// <summary>When it was decided, which is when it is written.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The rows of the price history.</summary>
    public IReadOnlyList<PriceChange> Prices { get; private init; } = [];

    /// <summary>The row of the policy history, when the policy changes.</summary>
    public PolicyChange? Policy { get; private init; }

    /// <summary>What is published, in this order.</summary>
    public IReadOnlyList<IIntegrationEvent> Messages { get; private init; } = [];

    /// <summary>False when the event stays as it is, and there is nothing to write.</summary>
    public bool IsChange => After.Version != Before.Version;

    /// <summary>No change: the event as it is.</summary>
    public static EventChange None(Event current, DateTimeOffset at) => new(current, current, at);

    /// <summary>The change made by an operation, which the event remembers; null for none.</summary>
    public EventChange By(Guid? operation) =>
        operation is { } id && IsChange
            ? this with
            {
                After = After with { Operations = [.. After.Operations.TakeLast(Event.MostOperations - 1), id] },
            }
            : this;

    /// <summary>A change that moves no price. No change when both events are the same version.</summary>
    /// <param name="before">The event that the decision is about.</param>
    /// <param name="after">The event as it is to be stored.</param>
    /// <param name="at">When it was decided.</param>
    /// <param name="message">What is published.</param>
    public static EventChange Of(Event before, Event after, DateTimeOffset at, IIntegrationEvent? message)
    {
        var change = new EventChange(before, after, at);
        return change.IsChange && message is not null ? change with { Messages = [message] } : change;
    }

    /// <summary>
    /// A change whose prices, if any move, move for one cause; when staff made it, it can be taken back. No change when both events are the
    /// same version.
    /// </summary>
    /// <param name="before">The event that the decision is about.</param>
    /// <param name="after">The event as it is to be stored.</param>
    /// <param name="at">When it was decided.</param>
    /// <param name="cause">Why its prices move.</param>
    /// <param name="message">What is published besides the prices.</param>
    /// <param name="policy">The change of policy, if it is one.</param>
    public static EventChange Of(
        Event before,
        Event after,
        DateTimeOffset at,
        PriceCause cause,
        IIntegrationEvent? message = null,
        PolicyChange? policy = null
    ) => Of(before, PriceUndo.Remember(before, after, cause, at), at, _ => cause, message, policy);

    /// <summary>A change that has a cause for each tier's price.</summary>
    /// <inheritdoc cref="Of(Event, Event, DateTimeOffset, PriceCause, IIntegrationEvent, PolicyChange)"/>
    public static EventChange Of(
        Event before,
        Event after,
        DateTimeOffset at,
        Func<Tier, PriceCause> cause,
        IIntegrationEvent? message = null,
        PolicyChange? policy = null
    )
    {
        var change = new EventChange(before, after, at);
        if (!change.IsChange)
        {
            return change;
        }

        var prices = PriceChange.Between(before, after, cause, at);
        IIntegrationEvent? moved = prices.Count > 0 ? Moved(after, prices, at) : null;
        return change with { Prices = prices, Policy = policy, Messages = [.. new[] { message, moved }.OfType<IIntegrationEvent>()] };
    }

    private static TicketPriceChanged Moved(Event after, List<PriceChange> prices, DateTimeOffset at)
    {
        var cause = prices[0].Cause;
        return new TicketPriceChanged(
            after.Id,
            after.Version,
            [.. prices.Select(price => new TierPriceChange(price.TierId, price.From, price.To))],
            cause.Reason,
            cause.By,
            at
        );
    }
}
