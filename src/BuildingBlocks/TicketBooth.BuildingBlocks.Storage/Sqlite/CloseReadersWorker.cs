using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>Closes the connections of readers to files that nobody has read for a while: those of past events, above all.</summary>
internal sealed class CloseReadersWorker(EmbeddedStorage storage, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromMinutes(1)), services)
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    protected override Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var database in storage.Opened)
        {
            database.CloseReaders(Idle);
        }

        return Task.CompletedTask;
    }
}
