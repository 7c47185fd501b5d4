using TicketBooth.Booking.OnSale;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Orders;

/// <summary>
/// Cancels what this host itself sold of a canceled event before it knew. The message about it reaches one host, which waits as long as
/// others may take to learn of it; a host that learns later than that, for example because its lane was held up, cleans up after itself.
/// </summary>
internal sealed class CancelOrdersOfCanceledEventsWorker(OnSaleCatalog catalog, CanceledEvents canceled, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(catalog.CanceledWhileSold, CancelAsync, cancellationToken);

    private async Task CancelAsync(EventOnSale sale, CancellationToken cancellationToken)
    {
        await canceled.CancelOrdersAsync(sale, cancellationToken);
        catalog.Forget(sale);
    }
}
