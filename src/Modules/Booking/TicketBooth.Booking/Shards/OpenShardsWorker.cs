using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>Opens the shards that other hosts have created: their orders are listed, released and settled on this host, too.</summary>
internal sealed class OpenShardsWorker(ShardRegistry shards, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)) { StartsAtOnce = true }, services)
{
    /// <remarks>Side by side: one whose store does not answer holds up no other.</remarks>
    protected override async Task RunRoundAsync(CancellationToken cancellationToken) =>
        await EachAsync(
            await shards.ExistingAsync(),
            (number, _) => shards.OfAsync(number).AsTask(),
            cancellationToken,
            sideBySide: int.MaxValue
        );
}
