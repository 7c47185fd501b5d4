using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>A row of the price history: what a tier's tickets cost from <paramref name="At"/> on.</summary>
/// <param name="Version">The event's version after the change.</param>
/// <param name="From">Null when it is the first price.</param>
internal sealed record PriceChange(Guid EventId, long Version, Guid TierId, DateTimeOffset At, long? From, long To, PriceCause Cause)
{
    /// <summary>
    /// The prices that differ between an event and the same event after a change. A draft has none: nobody was quoted any.
    /// </summary>
    /// <param name="before">The event before the change.</param>
    /// <param name="after">The event after it.</param>
    /// <param name="cause">Why a tier's price changed.</param>
    /// <param name="at">When.</param>
    public static List<PriceChange> Between(Event before, Event after, Func<Tier, PriceCause> cause, DateTimeOffset at)
    {
        if (!after.IsPublished)
        {
            return [];
        }

        var known = before.IsPublished ? before.Tiers.ToDictionary(tier => tier.Id) : [];
        return
        [
            .. after
                .Tiers.Select(tier => (Tier: tier, From: known.GetValueOrDefault(tier.Id)?.Price))
                .Where(pair => pair.From != pair.Tier.Price)
                .Select(pair => new PriceChange(
                    after.Id,
                    after.Version,
                    pair.Tier.Id,
                    at,
                    pair.From,
                    pair.Tier.Price,
                    pair.From is null ? cause(pair.Tier) with { Reason = PriceChangeReason.Published } : cause(pair.Tier)
                )),
        ];
    }
}

/// <summary>Why a price changed; stored with the change.</summary>
/// <param name="By">Null when demand did it.</param>
/// <param name="Figures">What the price engine decided on, when demand did it.</param>
internal sealed record PriceCause(
    PriceChangeReason Reason,
    Actor? By = null,
    decimal? Percentage = null,
    string? Note = null,
    PriceReasons? Figures = null
);

/// <summary>A row of the policy history.</summary>
internal sealed record PolicyChange(Guid EventId, long Version, DateTimeOffset At, Actor By, PricingPolicy Before, PricingPolicy After);
