using System.Globalization;
using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Contracts;

/// <summary>Whether an event's prices follow demand.</summary>
public enum PricingMode
{
    /// <summary>A price is the tier's base price with its adjustments.</summary>
    Off,

    /// <summary>Demand moves it, within the policy's bounds.</summary>
    Demand,
}

/// <summary>How an event's prices follow demand. Shares of the base price are in percent, with at most two decimals.</summary>
/// <param name="Mode">Off or by demand. Switching off takes the demand part out of the prices at once.</param>
/// <param name="Paused">By demand, but for now nothing moves: prices stay where they are.</param>
/// <param name="AllowFalling">Whether low demand may lower a price, also below the base price. An adjustment by staff always may.</param>
/// <param name="MaxIncreasePercent">The most that demand adds to the base price; 0 to 500.</param>
/// <param name="MaxDecreasePercent">The most that it takes off; 0 to 90. Of use only when prices may fall.</param>
/// <param name="SharePercent">What demand adds when all tickets of a tier are taken, and proportionally less before; 0 to 500.</param>
/// <param name="PacePercent">
/// What one unit of the natural logarithm of pace / sell-out pace adds (or takes off); 0 to 500. The pace is twice the sell-out pace at
/// 0.69.
/// </param>
/// <param name="WindowMinutes">How far back the pace looks; 1 to 1,440.</param>
/// <param name="MaxStepPercent">The most that demand moves a price at a time; 0.1 to 100.</param>
/// <param name="StepSeconds">The least time between two moves; 5 to 86,400.</param>
/// <param name="BandPercent">Differences up to this much move nothing, so that a price does not flap; 0 to 50.</param>
/// <param name="RoundingUnit">Prices are multiples of this many cents; 1 to 100,000.</param>
public sealed record PricingPolicy(
    PricingMode Mode,
    bool Paused = false,
    bool AllowFalling = false,
    decimal MaxIncreasePercent = 50,
    decimal MaxDecreasePercent = 30,
    decimal SharePercent = 30,
    decimal PacePercent = 10,
    int WindowMinutes = 1_440,
    decimal MaxStepPercent = 5,
    int StepSeconds = 900,
    decimal BandPercent = 3,
    int RoundingUnit = 50
)
{
    /// <summary>The policy of a new event.</summary>
    public static PricingPolicy Off { get; } = new(PricingMode.Off);
}

/// <summary>Why a price changed.</summary>
public enum PriceChangeReason
{
    /// <summary>The event was published, or a tier was added to it: the first price.</summary>
    Published,

    /// <summary>Somebody edited the tier.</summary>
    Edited,

    /// <summary>Somebody adjusted the event's prices by a percentage.</summary>
    Adjusted,

    /// <summary>Demand moved it.</summary>
    Demand,

    /// <summary>Somebody changed how the event's prices follow demand.</summary>
    PolicyChanged,
}

/// <summary>
/// Changes the prices of all tickets of a published event that are neither on payment nor paid, at once. Percentages multiply: 10 and then
/// 10 is 21 in all. The floors and ceilings of the tiers hold. Fails with <c>event-not-found</c>, <c>event-not-published</c>,
/// <c>event-canceled</c>, <c>event-ended</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Percentage">Of the present price; above -100, at most 1,000, with at most two decimals.</param>
/// <param name="By">Who does it.</param>
/// <param name="Note">Why, for the history; at most 500 characters.</param>
/// <param name="OperationId">
/// The same in a request that comes again, which then changes nothing more. Null for a request that comes once.
/// </param>
/// <param name="Version">Only while the prices are those of this <see cref="PricePreview.Version"/>; else <c>prices-changed</c>.</param>
public sealed record AdjustPrices(
    Guid EventId,
    decimal Percentage,
    Actor By,
    string? Note = null,
    [property: JsonIgnore] Guid? OperationId = null,
    long? Version = null
) : IRequest<Result<EventPricing>>, IStaffAction
{
    string IStaffAction.Kind => "adjust-prices";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>
/// Chooses how an event's prices follow demand. Fails with <c>event-not-found</c>, <c>event-canceled</c>, <c>event-ended</c>,
/// <c>policy-changed</c> (somebody else changed it first) or <c>validation-failed</c>.
/// </summary>
/// <param name="Replaces">The policy that its writer saw, and means to replace; null replaces any.</param>
/// <param name="Version">Only while the prices are those of this <see cref="PricePreview.Version"/>; else <c>prices-changed</c>.</param>
/// <param name="PolicyRevision">As <paramref name="Replaces"/>, but by the <c>ETag</c> that REST answered with; null replaces any.</param>
public sealed record ChangePricingPolicy(
    Guid EventId,
    PricingPolicy Policy,
    Actor By,
    PricingPolicy? Replaces = null,
    long? Version = null,
    [property: JsonIgnore] long? PolicyRevision = null
) : IRequest<Result<EventPricing>>, IStaffAction
{
    string IStaffAction.Kind => "change-pricing-policy";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>Queries how an event is priced. Fails with <c>event-not-found</c>.</summary>
public sealed record GetPricing(Guid EventId) : IRequest<Result<EventPricing>>;

/// <summary>How an event is priced at one moment.</summary>
/// <param name="Currency">ISO 4217, of every price here.</param>
/// <param name="Tiers">In the organiser's order.</param>
/// <param name="PolicyChanges">Who chose what, newest first; the last twenty.</param>
/// <param name="Undoable">The last change of prices by staff; null when there is none that can be taken back.</param>
public sealed record EventPricing(
    Guid EventId,
    string Currency,
    PricingPolicy Policy,
    IReadOnlyList<TierPricingView> Tiers,
    IReadOnlyList<PolicyChangeView> PolicyChanges,
    UndoablePriceChange? Undoable
);

/// <summary>
/// What a tier costs and what that is made of: price = round(clamp(basePrice x (1 + demandPercent / 100) x adjustmentFactor, floor,
/// ceiling)).
/// </summary>
/// <param name="Price">What a ticket costs now, in cents.</param>
/// <param name="BasePrice">What the organiser set, in cents.</param>
/// <param name="DemandPercent">What demand adds to the base price, or takes off.</param>
/// <param name="AdjustmentFactor">The product of all percentages that staff adjusted it by; 1 is none.</param>
/// <param name="Capacity">How many tickets are released.</param>
/// <param name="Taken">How many of them are on payment or sold.</param>
/// <param name="PriceValidUntil">Demand does not move the price before; null when that is no promise.</param>
public sealed record TierPricingView(
    Guid Id,
    string Name,
    long Price,
    long BasePrice,
    decimal DemandPercent,
    decimal AdjustmentFactor,
    long? Floor,
    long? Ceiling,
    int Capacity,
    int Taken,
    DateTimeOffset? PriceValidUntil
);

/// <summary>A change of an event's policy.</summary>
public sealed record PolicyChangeView(DateTimeOffset At, Actor By, PricingPolicy Before, PricingPolicy After);

/// <summary>
/// Queries what an event's tickets have cost, newest first. Fails with <c>event-not-found</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="TierId">Of this tier only.</param>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Language">Of the explanations: English, which null means, or Brazilian Portuguese.</param>
public sealed record GetPriceHistory(Guid EventId, Guid? TierId = null, string? Cursor = null, int Limit = 50, CultureInfo? Language = null)
    : IRequest<Result<Page<PriceChangeView>>>;

/// <summary>A tier's price from a moment on.</summary>
/// <param name="Version">Of the event; all prices that changed together have one.</param>
/// <param name="From">Cents; null when it is the tier's first price.</param>
/// <param name="To">Cents.</param>
/// <param name="By">Who did it; null when demand did.</param>
/// <param name="Percentage">Of an adjustment.</param>
/// <param name="Note">What they said about it.</param>
/// <param name="Explanation">Why, in words.</param>
public sealed record PriceChangeView(
    DateTimeOffset At,
    long Version,
    Guid TierId,
    string Tier,
    long? From,
    long To,
    PriceChangeReason Reason,
    Actor? By,
    decimal? Percentage,
    string? Note,
    string Explanation
);

/// <summary>Queries the figures of a chart of prices and sales. Fails with <c>event-not-found</c>.</summary>
/// <param name="From">Everything that is known when left out: prices from the first on, sales of the last eight days.</param>
public sealed record GetPriceChart(Guid EventId, DateTimeOffset? From = null) : IRequest<Result<PriceChart>>;

/// <summary>Prices and sales over time.</summary>
/// <param name="Tiers">In the organiser's order.</param>
public sealed record PriceChart(DateTimeOffset At, string Currency, IReadOnlyList<TierChart> Tiers);

/// <summary>A tier's price as a staircase, and how many of its tickets were taken.</summary>
/// <param name="Prices">Ascending; the first one is the price that held at the chart's beginning. The last one still holds.</param>
/// <param name="Sales">Minutes in which anything happened, ascending.</param>
public sealed record TierChart(Guid TierId, string Tier, IReadOnlyList<PricePoint> Prices, IReadOnlyList<SalesMinute> Sales);

/// <summary>From this moment on a ticket cost this much.</summary>
public sealed record PricePoint(DateTimeOffset At, long Price);

/// <summary>What happened in one minute.</summary>
/// <param name="Taken">Tickets taken, less those given back.</param>
/// <param name="Sold">Tickets paid, less those refunded.</param>
public sealed record SalesMinute(DateTimeOffset At, int Taken, int Sold);

/// <summary>
/// Queries what a policy would have done with the prices of the last hours, given the sales as they were. That other prices might have
/// changed the sales is not considered. Changes nothing. Fails with <c>event-not-found</c>, <c>event-not-published</c> or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="Hours">1 to 168.</param>
public sealed record DryRunPricing(Guid EventId, PricingPolicy Policy, int Hours = 24) : IRequest<Result<PricingDryRun>>;

/// <summary>What a policy would have done.</summary>
/// <param name="Tiers">In the organiser's order.</param>
public sealed record PricingDryRun(DateTimeOffset From, DateTimeOffset To, string Currency, IReadOnlyList<TierDryRun> Tiers);

/// <summary>A tier's part of a dry run.</summary>
/// <param name="Actual">Revenue of the tickets taken in that time at the prices that held, in cents.</param>
/// <param name="WouldBe">The same tickets at the prices of the dry run, in cents.</param>
/// <param name="Start">The price that it begins with, in cents: the base price with its adjustments.</param>
/// <param name="Steps">Each change that the policy would have made, ascending.</param>
public sealed record TierDryRun(Guid TierId, string Tier, long Actual, long WouldBe, long Start, IReadOnlyList<DryRunStep> Steps);

/// <summary>A change that a policy would have made.</summary>
/// <param name="Explanation">Why, in words.</param>
public sealed record DryRunStep(DateTimeOffset At, long From, long To, string Explanation);
