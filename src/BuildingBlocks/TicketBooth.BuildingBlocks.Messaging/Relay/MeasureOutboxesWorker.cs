using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>
/// Measures how many messages wait in each outbox, and for how long. Both grow while a module, or the broker, does not keep up.
/// </summary>
internal sealed class MeasureOutboxesWorker : PeriodicWork
{
    public const string MeterName = MessageMetrics.MeterName;
    public const string DepthName = "ticketbooth.outbox.depth";

    public const string AgeName = "ticketbooth.outbox.age";

    private readonly ConcurrentDictionary<string, (long Depth, TimeSpan Age)> measured = new(StringComparer.Ordinal);
    private readonly OutboxRelay relay;

    public MeasureOutboxesWorker(OutboxRelay relay, IMeterFactory meters, WorkServices services)
        : base(new WorkSchedule(TimeSpan.FromSeconds(5)), services)
    {
        this.relay = relay;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            DepthName,
            () => measured.Select(one => new Measurement<long>(one.Value.Depth, TagOf(one.Key))),
            "{message}",
            "Messages that are stored and not yet delivered, a few seconds ago."
        );
        meter.CreateObservableGauge(
            AgeName,
            () => measured.Select(one => new Measurement<double>(one.Value.Age.TotalSeconds, TagOf(one.Key))),
            "s",
            "How long the oldest message waits that is stored and not yet delivered, a few seconds ago; 0 when none waits."
        );
    }

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(relay.Outboxes, MeasureAsync, cancellationToken);

    private static KeyValuePair<string, object?> TagOf(string outbox) => new("outbox", outbox);

    private async Task MeasureAsync(IOutbox outbox, CancellationToken cancellationToken)
    {
        var oldest = await outbox.OldestAsync(cancellationToken);
        var age = oldest is { } since ? Clock.GetUtcNow() - since : TimeSpan.Zero;
        measured[outbox.Name] = (
            await outbox.DepthAsync(cancellationToken),
            // Entries may be dated by another host, whose clock is ahead.
            age > TimeSpan.Zero ? age : TimeSpan.Zero
        );
    }
}
