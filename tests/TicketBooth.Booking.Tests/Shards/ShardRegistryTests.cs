using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Opening a shard while its store does not answer.</summary>
[TestFixture]
internal sealed class ShardRegistryTests
{
    private BookingBench bench = null!;

    [SetUp]
    public async Task OpenAsync() => bench = await BookingBench.OpenAsync();

    [TearDown]
    public ValueTask CloseAsync() => bench.DisposeAsync();

    [Test]
    public async Task A_shard_that_does_not_open_is_waited_for_a_while_and_holds_up_no_other()
    {
        var stores = new OneHangs(bench.Get<IOrderStores>());
        var shards = new ShardRegistry(
            bench.Get<IBookingDirectory>(),
            stores,
            bench.Catalog,
            Options.Create(bench.Options),
            bench.Get<SalesActivity>(),
            bench.Get<LaneMetrics>(),
            bench.Clock,
            NullLogger<PurchaseLane>.Instance
        );

        var first = shards.OfAsync(OneHangs.Number).AsTask();
        var second = shards.OfAsync(OneHangs.Number).AsTask();
        await stores.Asked.Task;
        var other = await shards.OfAsync(2);
        bench.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(other.Number, Is.EqualTo(2));
        Assert.That(async () => await first, Throws.TypeOf<StoreNotAnsweringException>());
        Assert.That(async () => await second, Throws.TypeOf<StoreNotAnsweringException>());
        stores.Answer.SetResult();
        Assert.That((await shards.OfAsync(OneHangs.Number)).Number, Is.EqualTo(OneHangs.Number));
        Assert.That(stores.Opened, Is.EqualTo(1), "a shard has one lane in a host");
        await shards.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_shard_that_failed_to_open_is_opened_by_the_next_who_asks()
    {
        var stores = new OneHangs(bench.Get<IOrderStores>());
        var shards = new ShardRegistry(
            bench.Get<IBookingDirectory>(),
            stores,
            bench.Catalog,
            Options.Create(bench.Options),
            bench.Get<SalesActivity>(),
            bench.Get<LaneMetrics>(),
            bench.Clock,
            NullLogger<PurchaseLane>.Instance
        );
        var failing = shards.OfAsync(OneHangs.Number).AsTask();
        stores.Answer.SetException(new IOException("It failed."));
        Assert.That(async () => await failing, Throws.TypeOf<IOException>());

        stores.Answer = new TaskCompletionSource();
        stores.Answer.SetResult();

        Assert.That((await shards.OfAsync(OneHangs.Number)).Number, Is.EqualTo(OneHangs.Number));
        await shards.StopAsync(CancellationToken.None);
    }

    private sealed class OneHangs(IOrderStores stores) : IOrderStores
    {
        public const ushort Number = 7;

        private int opened;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Opened => opened;

        public bool AreOfThisHostAlone => true;

        public async Task<IOrderStore> OpenAsync(ushort shard)
        {
            if (shard == Number)
            {
                Asked.TrySetResult();
                await Answer.Task;
                Interlocked.Increment(ref opened);
            }

            return await stores.OpenAsync(shard);
        }
    }
}
