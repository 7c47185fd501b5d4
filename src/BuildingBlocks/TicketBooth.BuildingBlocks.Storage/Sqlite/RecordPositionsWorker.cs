using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// Writes down how far the embedded files have come, so that a file that is lost or older is recognized at the next start.
/// </summary>
internal sealed class RecordPositionsWorker(EmbeddedStorage storage, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken)
    {
        storage.RecordPositions();
        return Task.CompletedTask;
    }
}
