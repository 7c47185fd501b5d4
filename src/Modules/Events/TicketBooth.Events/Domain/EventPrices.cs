using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>The rules by which an event's prices change.</summary>
internal static class EventPrices
{
    /// <summary>The event after staff changed all its prices by a percentage.</summary>
    public static Result<Event> Adjust(this Event priced, decimal percentage, DateTimeOffset now)
    {
        if (FixedBecause(priced, now) is { } error)
        {
            return error;
        }

        if (!priced.IsPublished)
        {
            return EventsErrors.NotPublished;
        }

        var tiers = new List<Tier>(priced.Tiers.Count);
        foreach (var tier in priced.Tiers)
        {
            if (tier.Pricing.Adjusted(percentage, priced.Policy) is not { } pricing)
            {
                return EventsErrors.Invalid(
                    "percentage",
                    $"With the adjustments before it, the tier {tier.Name} would cost less than a hundredth of its base price, "
                        + "or more than a hundred times of it."
                );
            }

            tiers.Add(tier with { Pricing = pricing });
        }

        return priced with
        {
            Version = priced.Version + 1,
            Tiers = tiers,
        };
    }

    /// <summary>
    /// The event with another policy; unchanged when it has it already. Switching off takes demand out of the prices at once.
    /// </summary>
    public static Result<Event> WithPolicy(this Event priced, PricingPolicy policy, DateTimeOffset now)
    {
        if (FixedBecause(priced, now) is { } error)
        {
            return error;
        }

        if (policy == priced.Policy)
        {
            return priced;
        }

        return priced with
        {
            Version = priced.Version + 1,
            Policy = policy,
            Tiers =
                policy.Mode == PricingMode.Demand
                    ? priced.Tiers
                    : [.. priced.Tiers.Select(tier => tier with { Pricing = tier.Pricing.WithoutDemand(policy) })],
        };
    }

    /// <summary>The event after the last change of its prices by staff was taken back.</summary>
    /// <param name="priced">The event.</param>
    /// <param name="changedAt">When that change was made.</param>
    /// <param name="now">The time.</param>
    public static Result<Event> UndoChange(this Event priced, DateTimeOffset changedAt, DateTimeOffset now)
    {
        if (FixedBecause(priced, now) is { } error)
        {
            return error;
        }

        return priced.Undo is { } undo && undo.At == changedAt ? undo.Apply(priced) : EventsErrors.PricesChanged;
    }

    /// <summary>The event after demand has moved its prices, and why each tier's moved; null when none moves.</summary>
    /// <param name="priced">The event.</param>
    /// <param name="takenInWindow">By tier: tickets taken in the policy's window, less those given back.</param>
    /// <param name="now">The time.</param>
    public static (Event Event, IReadOnlyDictionary<Guid, PriceReasons> Reasons)? FollowDemand(
        this Event priced,
        IReadOnlyDictionary<Guid, int> takenInWindow,
        DateTimeOffset now
    )
    {
        if (!priced.IsPricedByDemandAt(now))
        {
            return null;
        }

        var reasons = new Dictionary<Guid, PriceReasons>();
        var tiers = priced
            .Tiers.Select(tier =>
            {
                var decision = PriceEngine.Decide(priced.Policy, priced.DemandOf(tier, takenInWindow.GetValueOrDefault(tier.Id), now));
                if (!decision.IsChange)
                {
                    return tier;
                }

                reasons[tier.Id] = decision.Reasons;
                return tier with { Pricing = tier.Pricing with { Price = decision.Price, Demand = decision.Demand, MovedAt = now } };
            })
            .ToList();
        return reasons.Count == 0 ? null : (priced with { Version = priced.Version + 1, Tiers = tiers }, reasons);
    }

    /// <summary>Whether demand may move the prices now.</summary>
    public static bool IsPricedByDemandAt(this Event priced, DateTimeOffset now) =>
        priced is { IsPublished: true, IsCanceled: false, Policy: { Mode: PricingMode.Demand, Paused: false } }
        && now >= priced.PublishedAt
        && now < priced.EndsSellingAt;

    /// <summary>Demand does not move the price before this moment; null when it may at any moment, or never does.</summary>
    public static DateTimeOffset? PriceValidUntil(this Event priced, Tier tier, DateTimeOffset now)
    {
        if (!priced.IsPricedByDemandAt(now) || tier.Pricing.MovedAt is not { } moved)
        {
            return null;
        }

        var next = moved.AddSeconds(priced.Policy.StepSeconds);
        return next > now ? next : null;
    }

    /// <summary>A tier as the price engine needs it.</summary>
    public static TierDemand DemandOf(this Event priced, Tier tier, int takenInWindow, DateTimeOffset now) =>
        new()
        {
            Base = tier.Pricing.Base,
            Floor = tier.Pricing.Floor,
            Ceiling = tier.Pricing.Ceiling,
            Adjustment = tier.Pricing.Adjustment,
            Demand = tier.Pricing.Demand,
            Price = tier.Pricing.Price,
            ChangedAt = tier.Pricing.MovedAt,
            // With the tickets that staff took off sale: to demand they are unsold, so that no price rises because of them.
            Released = tier.Numbers,
            Held = tier.Held,
            Sold = tier.Sold,
            TakenInWindow = takenInWindow,
            SaleOpensAt = priced.PublishedAt!.Value,
            SaleClosesAt = priced.EndsSellingAt,
            Now = now,
        };

    private static Error? FixedBecause(Event priced, DateTimeOffset now) =>
        priced.IsCanceled ? EventsErrors.Canceled
        : priced.Phase.StatusAt(now) == EventStatus.Ended ? EventsErrors.Ended
        : null;
}
