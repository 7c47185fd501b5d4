using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Releases holds that are over, within a second; <see cref="SettlePaymentsWorker"/> does so for those with a payment under way.
/// </summary>
internal sealed class ReleaseHoldsWorker(ShardRegistry shards, WorkServices services)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromSeconds(1))
        {
            StartsAtOnce = true,
            Lease = "release holds",
            LeaseTime = TimeSpan.FromSeconds(4),
        },
        services
    )
{
    private const int PageSize = 500;

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(shards.All, ReleaseAsync, cancellationToken, sideBySide: int.MaxValue);

    private async Task ReleaseAsync(Shard shard, CancellationToken cancellationToken)
    {
        IReadOnlyList<Order> overdue;
        do
        {
            overdue = await shard.Store.DueAsync(Clock.GetUtcNow(), paymentUnderWay: false, PageSize);
            await Task.WhenAll(overdue.Select(order => shard.ExpireAsync(order.Id, settledPaymentId: null, cancellationToken)));
        } while (overdue.Count == PageSize);
    }
}
