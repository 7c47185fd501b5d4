using Microsoft.Extensions.Hosting;

namespace TicketBooth.Payments.Storage;

/// <summary>Forgets webhooks and messages that were taken longer ago than anybody repeats them.</summary>
internal sealed class DeliveryHousekeeping(IPaymentStore store, TimeProvider clock) : BackgroundService
{
    // Gateways repeat a webhook for days, and a dead letter may be replayed weeks later.
    internal static readonly TimeSpan KeepFor = TimeSpan.FromDays(60);

    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await store.ForgetDeliveriesAsync(clock.GetUtcNow() - KeepFor);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
