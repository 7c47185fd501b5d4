using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>
/// Lets demand move prices. Every two seconds it looks at the events on sale whose prices follow demand, and decides on those where tickets
/// were taken or a step is due.
/// </summary>
/// <remarks>One host at a time does it. Should two do so for a moment, only one of their changes to an event is written.</remarks>
internal sealed partial class FollowDemandWorker(
    IEventStore store,
    ITicketStateStore tickets,
    EventWriter writer,
    WorkServices services,
    ILogger<FollowDemandWorker> logger
) : PeriodicWork(new WorkSchedule(Interval) { Lease = "events-pricing" }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // What the prices of each event were last decided on. Losing it costs a decision that changes nothing.
    private readonly Dictionary<Guid, Seen> seen = [];

    /// <summary>How often prices were decided on.</summary>
    public long Decisions { get; private set; }

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var onSale = await store.PricedByDemandAsync(Clock.GetUtcNow());
        foreach (var gone in seen.Keys.Except(onSale).ToList())
        {
            seen.Remove(gone);
        }

        await EachAsync(onSale, (eventId, _) => FollowAsync(eventId), cancellationToken);
    }

    private async Task FollowAsync(Guid eventId)
    {
        if (await store.FindAsync(eventId) is not { } current)
        {
            return;
        }

        // After the event was read, so that no price is older in the history than the one before it.
        var now = Clock.GetUtcNow();

        // Taken tickets count at once, and so does a step that is due. Without either only the pace falls with time, and a look per step
        // is enough for that.
        var taken = current.Tiers.Sum(tier => tier.Held + tier.Sold);
        if (
            seen.TryGetValue(eventId, out var before)
            && before.Version == current.Version
            && before.Taken == taken
            && now < before.LooksAgainAt
        )
        {
            return;
        }

        Decisions++;
        if (await DecideAsync(current, now) is { } change)
        {
            if (!await writer.TryWriteAsync(change))
            {
                // A version conflict: the next round decides on the event as it is then.
                return;
            }

            LogMoved(logger, change.Prices.Count, eventId);
            current = change.After;
        }

        seen[eventId] = new Seen(current.Version, taken, NextLook(current, now));
    }

    private async Task<EventChange?> DecideAsync(Event current, DateTimeOffset now)
    {
        var window = await tickets.DemandAsync(current.Id, DemandMinute.Of(now.AddMinutes(-current.Policy.WindowMinutes)));
        var takenInWindow = window
            .GroupBy(minute => minute.TierId)
            .ToDictionary(tier => tier.Key, tier => tier.Sum(minute => minute.Taken));
        return current.FollowDemand(takenInWindow, now) is var (moved, reasons)
            ? EventChange.Of(current, moved, now, tier => new PriceCause(PriceChangeReason.Demand, Figures: reasons[tier.Id]))
            : null;
    }

    private static DateTimeOffset NextLook(Event priced, DateTimeOffset now) =>
        priced
            .Tiers.Select(tier => priced.PriceValidUntil(tier, now) ?? DateTimeOffset.MaxValue)
            .Append(now.AddSeconds(priced.Policy.StepSeconds))
            .Min();

    [LoggerMessage(EventId = 3012, Level = LogLevel.Information, Message = "Demand moved {Count} prices of event {EventId}")]
    private static partial void LogMoved(ILogger logger, int count, Guid eventId);

    private readonly record struct Seen(long Version, int Taken, DateTimeOffset LooksAgainAt);
}
