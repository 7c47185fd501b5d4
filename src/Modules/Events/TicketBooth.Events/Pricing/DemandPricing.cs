using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>
/// Lets demand move prices: every two seconds the events on sale whose policy says so are looked at, those again in which anything was sold or enough time has passed.
/// With several hosts one at a time does it; should two do so for a moment, one of two writes about one version of an event takes effect.
/// </summary>
internal sealed partial class DemandPricing(
    IEventStore store,
    EventWriter writer,
    ILeases leases,
    TimeProvider clock,
    ILogger<DemandPricing> logger
) : BackgroundService
{
    /// <summary>How long minutes are kept: what a dry run may look back.</summary>
    public static readonly TimeSpan DemandKept = TimeSpan.FromDays(8);

    private const string Work = "events-pricing";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepingInterval = TimeSpan.FromHours(1);

    // Of each event what the prices were last decided on. Losing it costs a decision that changes nothing.
    private readonly Dictionary<Guid, Seen> seen = [];
    private DateTimeOffset nextKeeping;

    /// <summary>How often prices were decided on.</summary>
    public long Decisions { get; private set; }

    /// <summary>Looks at all events once; nothing where another host does it.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!await leases.TryHoldAsync(Work, LeaseTime, cancellationToken))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var onSale = await store.PricedByDemandAsync(now);
        foreach (var gone in seen.Keys.Except(onSale).ToList())
        {
            seen.Remove(gone);
        }

        foreach (var eventId in onSale)
        {
            await FollowAsync(eventId, cancellationToken);
        }

        if (now >= nextKeeping)
        {
            await store.ForgetDemandAsync(DemandMinute.Of(now - DemandKept));
            nextKeeping = now + KeepingInterval;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
#pragma warning disable CA1031 // the next round is the retry; a loop that died would freeze all prices
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure);
            }
        }
    }

    private async Task FollowAsync(Guid eventId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await store.FindAsync(eventId) is not { } current)
        {
            return;
        }

        // After the event was read, so that a price is never older in the history than the one it replaces.
        var now = clock.GetUtcNow();

        // Sales count at once, and a step that is due. Without either, a pace falls as time goes by, which a step's time is soon enough to notice.
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
        var window = await store.DemandAsync(eventId, DemandMinute.Of(now.AddMinutes(-current.Policy.WindowMinutes)));
        var takenInWindow = window
            .GroupBy(minute => minute.TierId)
            .ToDictionary(tier => tier.Key, tier => tier.Sum(minute => minute.Taken));
        if (current.FollowDemand(takenInWindow, now) is var (moved, reasons))
        {
            var changes = PriceChange.Between(
                current,
                moved,
                tier => new PriceCause(PriceChangeReason.Demand, Figures: reasons[tier.Id]),
                now
            );
            if (!await writer.TryWriteAsync(moved, changes, now, []))
            {
                return;
            }

            LogMoved(logger, eventId, changes.Count);
            current = moved;
        }

        // Only now: what could not be written is decided anew in the next round.
        seen[eventId] = new Seen(current.Version, taken, NextLook(current, now));
    }

    private static DateTimeOffset NextLook(Event priced, DateTimeOffset now) =>
        priced
            .Tiers.Select(tier => priced.PriceValidUntil(tier, now) ?? DateTimeOffset.MaxValue)
            .Append(now.AddSeconds(priced.Policy.StepSeconds))
            .Min();

    [LoggerMessage(Level = LogLevel.Information, Message = "Demand moved {Tiers} prices of event {EventId}")]
    private static partial void LogMoved(ILogger logger, Guid eventId, int tiers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prices could not follow demand; the next round follows")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    private readonly record struct Seen(long Version, int Taken, DateTimeOffset LooksAgainAt);
}
