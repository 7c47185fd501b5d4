using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.OnSale;

/// <summary>
/// Queries Events every second about each event that this host sells. A new price, or the end of a sale, must take effect within
/// <see cref="Bound"/>; a message about it may be late, and with several hosts it reaches only one of them.
/// </summary>
internal sealed class RefreshEventsOnSaleWorker(OnSaleCatalog catalog, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
{
    /// <summary>How long a host may go on selling by an event's former state.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private const int QueriesAtATime = 8;

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(catalog.OpenAt(Clock.GetUtcNow()), catalog.RefreshAsync, cancellationToken, QueriesAtATime);
}
