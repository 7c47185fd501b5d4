using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>Lets lanes without work give their memory back. Those of past events are more with every month.</summary>
internal sealed class RestLanesWorker(ShardRegistry shards, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromMinutes(1)), services)
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    protected override Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in shards.All)
        {
            shard.Lane.RestAfter(Idle);
        }

        return Task.CompletedTask;
    }
}
