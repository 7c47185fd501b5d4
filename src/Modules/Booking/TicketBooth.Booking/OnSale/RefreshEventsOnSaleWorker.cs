using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.OnSale;

/// <summary>
/// Asks Events every second which of the events that this host has sold have changed, and queries those. A message about a change may be
/// late, and with several hosts it reaches only one of them; this reaches every host within <see cref="OnSaleCatalog.Bound"/>, however many
/// events there are and whether their sale is open or has closed.
/// </summary>
internal sealed class RefreshEventsOnSaleWorker(OnSaleCatalog catalog, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
{
    private const int QueriesAtATime = 8;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken) =>
        await EachAsync(await catalog.FindOutdatedAsync(cancellationToken), catalog.RefreshAsync, cancellationToken, QueriesAtATime);
}
