using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>What the last change of prices by staff replaced, so that it can be taken back. Stored with the event.</summary>
/// <param name="At">When the change was made.</param>
/// <param name="By">Who made it.</param>
/// <param name="Reason">What kind of change it was.</param>
/// <param name="Policy">The policy before it.</param>
/// <param name="Tiers">The prices before it, by tier.</param>
internal sealed record PriceUndo(
    DateTimeOffset At,
    Actor By,
    PriceChangeReason Reason,
    PricingPolicy Policy,
    IReadOnlyList<FormerPricing> Tiers
)
{
    /// <summary>The changed event, with the undo of this change if it changed what staff set of prices that somebody was quoted.</summary>
    public static Event Remember(Event before, Event after, PriceCause cause, DateTimeOffset at)
    {
        if (cause.By is not { } by || !before.IsPublished || !IsOtherwiseSet(before, after))
        {
            return after;
        }

        IReadOnlyList<FormerPricing> former = [.. before.Tiers.Select(tier => new FormerPricing(tier.Id, tier.Pricing))];
        return after with { Undo = new PriceUndo(at, by, cause.Reason, before.Policy, former) };
    }

    /// <summary>
    /// The event with what staff had set before. What demand added stays, unless the policy comes back that it was added under. A tier
    /// that was new then stays as it is.
    /// </summary>
    public Event Apply(Event current) =>
        current with
        {
            Version = current.Version + 1,
            Policy = Policy,
            Tiers =
            [
                .. current.Tiers.Select(tier =>
                    Tiers.FirstOrDefault(former => former.TierId == tier.Id) is { Pricing: var former }
                        ? tier with
                        {
                            Pricing = tier.Pricing.SetAgain(former, Policy, isDemandBack: Policy != current.Policy),
                        }
                        : tier
                ),
            ],
        };

    private static bool IsOtherwiseSet(Event before, Event after) =>
        before.Policy != after.Policy
        || before.Tiers.Any(tier =>
            after.Tiers.FirstOrDefault(same => same.Id == tier.Id) is { Pricing: var now } && !tier.Pricing.IsSetAs(now)
        );
}

/// <summary>A tier's price before a change.</summary>
internal sealed record FormerPricing(Guid TierId, TierPricing Pricing);
