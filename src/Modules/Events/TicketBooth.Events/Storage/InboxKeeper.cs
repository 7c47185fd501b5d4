using Microsoft.Extensions.Hosting;

namespace TicketBooth.Events.Storage;

/// <summary>Forgets, a little every minute, which messages came more than a week ago: nothing is delivered again that late.</summary>
internal sealed partial class InboxKeeper(IEventStore store, TimeProvider clock, ILogger<InboxKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await store.ForgetMessagesAsync(clock.GetUtcNow() - Memory);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // housekeeping that fails must not take the host down; it is logged and tried again
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailure(logger, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The inbox of Events could not be tidied; the next try is in a minute")]
    private static partial void LogFailure(ILogger logger, Exception failure);
}
