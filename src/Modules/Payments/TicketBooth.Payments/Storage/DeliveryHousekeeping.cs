using Microsoft.Extensions.Hosting;

namespace TicketBooth.Payments.Storage;

/// <summary>Forgets webhooks and messages that were taken longer ago than anybody repeats them.</summary>
internal sealed partial class DeliveryHousekeeping(IPaymentStore store, TimeProvider clock, ILogger<DeliveryHousekeeping> logger)
    : BackgroundService
{
    // Gateways repeat a webhook for days, and a dead letter may be replayed weeks later.
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(60);

    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ForgetAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task ForgetAsync()
    {
        try
        {
            await store.ForgetDeliveriesAsync(clock.GetUtcNow() - KeepFor);
        }
#pragma warning disable CA1031 // housekeeping can wait for the next time; it must not end the host
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailure(logger, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Old deliveries could not be forgotten; will try again")]
    private static partial void LogFailure(ILogger logger, Exception failure);
}
