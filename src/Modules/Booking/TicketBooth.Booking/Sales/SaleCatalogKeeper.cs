using Microsoft.Extensions.Hosting;

namespace TicketBooth.Booking.Sales;

/// <summary>
/// Asks Events again for what this host sells, every second. A new price, or the end of a sale, must hold within <see cref="Bound"/>; a message about it may be
/// late, and with several hosts it reaches one of them.
/// </summary>
internal sealed partial class SaleCatalogKeeper(SaleCatalog catalog, TimeProvider clock, ILogger<SaleCatalogKeeper> logger)
    : BackgroundService
{
    /// <summary>How long a host may go on selling by an event's former state.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private const int SideBySide = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Parallel.ForEachAsync(
                    catalog.OpenAt(clock.GetUtcNow()),
                    new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stoppingToken },
                    async (eventId, ct) => await catalog.RefreshAsync(eventId, ct)
                );
            }
#pragma warning disable CA1031 // the next round is the retry; a keeper that died would let this host sell by old prices for ever
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events on sale could not be asked for again; the next round follows")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
