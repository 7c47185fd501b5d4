using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Contracts;

/// <summary>Queries what <see cref="AdjustPrices"/> would do to the prices. Changes nothing. Fails as that does.</summary>
public sealed record PreviewAdjustment(Guid EventId, decimal Percentage) : IRequest<Result<PricePreview>>;

/// <summary>Queries what <see cref="ChangePricingPolicy"/> would do to the prices at once. Changes nothing. Fails as that does.</summary>
public sealed record PreviewPolicy(Guid EventId, PricingPolicy Policy) : IRequest<Result<PricePreview>>;

/// <summary>
/// Queries what <see cref="EditEvent"/> would do to the prices of a published event. Changes nothing. Fails as that does, but for
/// <c>tickets-sold</c>, which is no matter of prices.
/// </summary>
public sealed record PreviewEdit(Guid EventId, EventForm Form, long? Revision = null) : IRequest<Result<PricePreview>>;

/// <summary>The prices of an event before and after a change.</summary>
/// <param name="Version">
/// Of the event whose prices these are: a change that is sent with it is refused with <c>prices-changed</c> when they are no longer those.
/// </param>
/// <param name="Currency">ISO 4217, of every price here.</param>
/// <param name="Tiers">In the organiser's order.</param>
public sealed record PricePreview(long Version, string Currency, IReadOnlyList<TierPricePreview> Tiers)
{
    /// <summary>Whether a price that somebody can be quoted would change.</summary>
    public bool IsChange => Tiers.Any(tier => tier.From is { } from && from != tier.To);
}

/// <summary>The price of a tier before and after a change.</summary>
/// <param name="From">What a ticket costs now, in cents; null for a new tier.</param>
/// <param name="To">What it would cost, in cents.</param>
/// <param name="Tickets">How many tickets would be sold at that price: those that are neither on payment nor sold.</param>
public sealed record TierPricePreview(string Name, long? From, long To, int Tickets);

/// <summary>
/// Takes back the last change of prices by staff: base prices, bounds, adjustments and policy are again what they were before it. What
/// demand has added since stays. Taking back twice changes nothing but the order: the second takes back the first. Fails with
/// <c>event-not-found</c>, <c>event-canceled</c>, <c>event-ended</c> or <c>prices-changed</c> (it is not the last change any more).
/// </summary>
/// <param name="ChangedAt">Which change: <see cref="UndoablePriceChange.At"/>.</param>
/// <param name="By">Who does it.</param>
public sealed record UndoPriceChange(Guid EventId, DateTimeOffset ChangedAt, Actor By) : IRequest<Result<EventPricing>>, IStaffAction
{
    string IStaffAction.Kind => "undo-price-change";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>The last change of an event's prices by staff, which can be taken back.</summary>
/// <param name="At">When it was made.</param>
/// <param name="By">Who made it.</param>
/// <param name="Tiers">What taking it back would do to the prices.</param>
public sealed record UndoablePriceChange(DateTimeOffset At, Actor By, IReadOnlyList<TierPricePreview> Tiers);
