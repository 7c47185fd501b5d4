using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain.Pricing;

/// <summary>What happened to a tier's tickets in one minute.</summary>
/// <param name="At">When the minute began.</param>
/// <param name="Held">By how many more tickets (or fewer) were on payment after it.</param>
/// <param name="Sold">By how many more (or fewer) were sold.</param>
internal readonly record struct TakenMinute(DateTimeOffset At, int Held, int Sold);

/// <summary>Replays recorded sales under a policy: what the prices would have been, had buyers bought the same tickets.</summary>
internal static class PriceReplay
{
    /// <summary>The price changes, each with its time.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="start">The tier when the replay begins; from then on it decides every <see cref="PricingPolicy.StepSeconds"/>.</param>
    /// <param name="minutes">
    /// Ascending. Those before the start are in the tier's counters already; they only count in the policy's window.
    /// </param>
    /// <param name="until">When the replay ends.</param>
    public static IEnumerable<(DateTimeOffset At, PriceDecision Decision)> Run(
        PricingPolicy policy,
        TierDemand start,
        IReadOnlyList<TakenMinute> minutes,
        DateTimeOffset until
    )
    {
        var tier = start;
        var (entered, left, taken) = (0, 0, 0);
        for (var now = start.Now; now <= until; now += TimeSpan.FromSeconds(policy.StepSeconds))
        {
            for (; entered < minutes.Count && minutes[entered].At <= now; entered++)
            {
                var minute = minutes[entered];
                taken += minute.Held + minute.Sold;
                if (minute.At > start.Now)
                {
                    tier = tier with { Held = tier.Held + minute.Held, Sold = tier.Sold + minute.Sold };
                }
            }

            for (; left < entered && minutes[left].At <= now.AddMinutes(-policy.WindowMinutes); left++)
            {
                taken -= minutes[left].Held + minutes[left].Sold;
            }

            tier = tier with { Now = now, TakenInWindow = taken };
            var decision = PriceEngine.Decide(policy, tier);
            if (decision.IsChange)
            {
                yield return (now, decision);
                tier = tier.After(decision);
            }
        }
    }
}
