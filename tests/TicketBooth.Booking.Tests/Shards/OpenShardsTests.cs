using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.Shards;

internal sealed class OpenShardsTests
{
    [Test]
    public async Task A_shard_that_another_host_created_is_opened_by_the_next_round()
    {
        await using var bench = await BookingBench.OpenAsync();
        var number = await bench.Get<IBookingDirectory>().AssignAsync(bench.NewId(), large: true);
        Assert.That(bench.Shards.All.Select(shard => shard.Number), Has.No.Member(number));

        await bench.Get<OpenShardsWorker>().RunOnceAsync(CancellationToken.None);

        Assert.That(bench.Shards.All.Select(shard => shard.Number), Has.Member(number));
    }
}
