using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>Opens the shards that other hosts have created: their orders are listed, released and settled on this host, too.</summary>
internal sealed class OpenShardsWorker(ShardRegistry shards, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)) { StartsAtOnce = true }, services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken) => shards.OpenAllAsync();
}
