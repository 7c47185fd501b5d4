using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>Lets the inboxes of the embedded stores forget: longer than any dead letter waits for its replay, and not for ever.</summary>
internal sealed partial class InboxKeeper(OutboxRelay relay, TimeProvider clock, ILogger<InboxKeeper> logger) : BackgroundService
{
    public static readonly TimeSpan Memory = TimeSpan.FromDays(60);
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var source in relay.Outboxes.OfType<IOutboxSource>())
            {
                try
                {
                    await source.ForgetMessagesAsync(clock.GetUtcNow() - Memory);
                }
#pragma warning disable CA1031 // the next hour is the retry
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    LogFailed(logger, failure, source.Name);
                }
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The inbox beside {Source} could not forget old messages; it is tried again in an hour"
    )]
    private static partial void LogFailed(ILogger logger, Exception failure, string source);
}
