using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Contracts;

/// <summary>
/// An event was published: it is public, and on sale within its sale window. Query <see cref="GetEventForSale"/> for the rest.
/// </summary>
/// <param name="Revision">Of the event after this change; a message with a lower one than is already known is outdated.</param>
public sealed record EventPublished(Guid EventId, long Revision, DateTimeOffset At) : IIntegrationEvent;

/// <summary>
/// A published event was edited, or staff took tickets of it off sale: dates, prices or tickets may have changed. Query
/// <see cref="GetEventForSale"/> for the rest.
/// </summary>
/// <param name="Revision">Of the event after this change; a message with a lower one than is already known is outdated.</param>
public sealed record EventChanged(Guid EventId, long Revision, DateTimeOffset At) : IIntegrationEvent;

/// <summary>
/// A published event was canceled: every order on payment is to be canceled, every paid one refunded. This cannot be undone.
/// </summary>
/// <param name="Revision">Of the event after this change.</param>
public sealed record EventCanceled(Guid EventId, long Revision, DateTimeOffset At) : IIntegrationEvent;

/// <summary>
/// Prices of a published event changed, all at one moment. Tickets on payment or paid keep theirs. Query <see cref="GetEventForSale"/> for
/// what holds now.
/// </summary>
/// <param name="Version">
/// Of the event after this change, as <see cref="EventForSale.Version"/>; a message with a lower one than is already known is outdated.
/// </param>
/// <param name="By">Who did it; null when demand did.</param>
public sealed record TicketPriceChanged(
    Guid EventId,
    long Version,
    IReadOnlyList<TierPriceChange> Tiers,
    PriceChangeReason Reason,
    Actor? By,
    DateTimeOffset At
) : IIntegrationEvent;

/// <summary>A tier's new price.</summary>
/// <param name="From">Cents; null when it is the tier's first price.</param>
/// <param name="To">Cents.</param>
public sealed record TierPriceChange(Guid TierId, long? From, long To);

/// <summary>Staff changed how an event's prices follow demand.</summary>
/// <param name="Version">Of the event after this change.</param>
public sealed record PricingPolicyChanged(
    Guid EventId,
    long Version,
    PricingPolicy Before,
    PricingPolicy After,
    Actor By,
    DateTimeOffset At
) : IIntegrationEvent;
