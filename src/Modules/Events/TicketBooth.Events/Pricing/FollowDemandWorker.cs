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
        foreach (var gone in seen.Keys.Except(onSale.Select(priced => priced.Id)).ToList())
        {
            seen.Remove(gone);
        }

        await EachAsync(onSale.Where(IsDue), (priced, _) => FollowAsync(priced), cancellationToken);
    }

    /// <remarks>
    /// Taken tickets count at once, and so does a step that is due. Without either only the pace falls with time, and a look per step is
    /// enough for that.
    /// </remarks>
    private bool IsDue(PricedEvent priced) =>
        !seen.TryGetValue(priced.Id, out var before)
        || before.Version != priced.Version
        || before.Taken != priced.Taken
        || Clock.GetUtcNow() >= before.LooksAgainAt;

    private async Task FollowAsync(PricedEvent priced)
    {
        var eventId = priced.Id;
        if (await store.FindAsync(eventId) is not { } current)
        {
            return;
        }

        var now = Clock.GetUtcNow();
        Decisions++;
        var window = await tickets.DemandAsync(current.Id, DemandMinute.Of(now.AddMinutes(-current.Policy.WindowMinutes)));
        var takenInWindow = window
            .GroupBy(minute => minute.TierId)
            .ToDictionary(tier => tier.Key, tier => tier.Sum(minute => minute.Taken));
        var decided = await writer.ChangeAsync(eventId, (latest, at) => Decide(latest, current.Version, takenInWindow, at));
        if (decided.Error is not null || decided.Value.Before.Version != current.Version)
        {
            // Another change came in between: the next round decides on the event as it is then.
            return;
        }

        if (decided.Value.IsChange)
        {
            LogMoved(logger, decided.Value.Prices.Count, eventId);
        }

        // Tickets that were taken since the query are new to the next round, though this decision may know of them.
        seen[eventId] = new Seen(decided.Value.After.Version, priced.Taken, NextLook(decided.Value.After, now));
    }

    private static Result<EventChange> Decide(Event latest, long version, Dictionary<Guid, int> takenInWindow, DateTimeOffset at) =>
        latest.Version == version && latest.FollowDemand(takenInWindow, at) is var (moved, reasons)
            ? EventChange.Of(latest, moved, at, tier => new PriceCause(PriceChangeReason.Demand, Figures: reasons[tier.Id]))
            : EventChange.Of(latest, latest, at, message: null);

    private static DateTimeOffset NextLook(Event priced, DateTimeOffset now) =>
        priced
            .Tiers.Select(tier => priced.PriceValidUntil(tier, now) ?? DateTimeOffset.MaxValue)
            .Append(now.AddSeconds(priced.Policy.StepSeconds))
            .Min();

    [LoggerMessage(EventId = 3012, Level = LogLevel.Information, Message = "Demand moved {Count} prices of event {EventId}")]
    private static partial void LogMoved(ILogger logger, int count, Guid eventId);

    private readonly record struct Seen(long Version, int Taken, DateTimeOffset LooksAgainAt);
}
