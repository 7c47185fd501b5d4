using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>Measures how many messages wait in each outbox: what grows while a module, or the broker, does not keep up.</summary>
internal sealed partial class OutboxMonitor : BackgroundService
{
    public const string MeterName = "TicketBooth.Messaging";
    public const string DepthName = "ticketbooth.outbox.depth";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> depths = new(StringComparer.Ordinal);
    private readonly OutboxRelay relay;
    private readonly TimeProvider clock;
    private readonly ILogger<OutboxMonitor> logger;

    public OutboxMonitor(OutboxRelay relay, IMeterFactory meters, TimeProvider clock, ILogger<OutboxMonitor> logger)
    {
        (this.relay, this.clock, this.logger) = (relay, clock, logger);
        meters
            .Create(MeterName)
            .CreateObservableGauge(
                DepthName,
                () => depths.Select(depth => new Measurement<long>(depth.Value, new KeyValuePair<string, object?>("outbox", depth.Key))),
                "{message}",
                "Messages that are stored and not yet delivered, a few seconds ago."
            );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var outbox in relay.Outboxes)
            {
                try
                {
                    depths[outbox.Name] = await outbox.DepthAsync(stoppingToken);
                }
#pragma warning disable CA1031 // a measurement that could not be taken; the relay itself says what is wrong with its outbox
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    LogUnmeasured(logger, outbox.Name, failure.Message);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The depth of the outbox {Outbox} could not be measured: {Reason}")]
    private static partial void LogUnmeasured(ILogger logger, string outbox, string reason);
}
