using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>Measures how many messages wait in each outbox. The number grows while a module, or the broker, does not keep up.</summary>
internal sealed class MeasureOutboxesWorker : PeriodicWork
{
    public const string MeterName = MessageMetrics.MeterName;
    public const string DepthName = "ticketbooth.outbox.depth";

    private readonly ConcurrentDictionary<string, long> depths = new(StringComparer.Ordinal);
    private readonly OutboxRelay relay;

    public MeasureOutboxesWorker(OutboxRelay relay, IMeterFactory meters, WorkServices services)
        : base(new WorkSchedule(TimeSpan.FromSeconds(5)), services)
    {
        this.relay = relay;
        meters
            .Create(MeterName)
            .CreateObservableGauge(
                DepthName,
                () => depths.Select(depth => new Measurement<long>(depth.Value, new KeyValuePair<string, object?>("outbox", depth.Key))),
                "{message}",
                "Messages that are stored and not yet delivered, a few seconds ago."
            );
    }

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(relay.Outboxes, async (outbox, ct) => depths[outbox.Name] = await outbox.DepthAsync(ct), cancellationToken);
}
