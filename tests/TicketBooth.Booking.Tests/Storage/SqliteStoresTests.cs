using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Storage;

[TestFixture]
internal sealed class SqliteOrderStoreTests : OrderStoreContract
{
    private readonly StorageFolder folder = new();

    private SqliteDatabase Shard => folder.Open().Open(SqliteStores.NameOf(1), SqliteOrderStore.Schema);

    [Test]
    public async Task Messages_that_wait_are_looked_up_for_the_orders_asked_for_however_many_wait()
    {
        var store = await OpenAsync();
        var orders = Enumerable.Range(1, 200).Select(number => SampleOrder.Place(number)).ToList();
        await store.WriteAsync([.. orders.Select(order => new OrderWrite(order, Inbox: null))]);
        Guid[] asked = [.. orders.Take(100).Select(order => order.After.Id)];
        var before = PagesRead.By(Shard, () => Pending(store, asked));

        for (var batch = 0; batch < 40; batch++)
        {
            var entries = Enumerable.Range(0, 250).Select(_ => MessageCodec.Encode(new RefundDue(SampleOrder.NewId(), SampleOrder.NewId(), "test", SampleOrder.Now), SampleOrder.NewId(), SampleOrder.Now));
            await Shard.WriteAsync(session => SqliteOutbox.Append(session, [.. entries]));
        }

        Assert.That(PagesRead.By(Shard, () => Pending(store, asked)), Is.LessThanOrEqualTo(before + 10), "10,000 messages wait, in 40 rows of a hundred pages each");
        Assert.That(Pending(store, asked), Is.EquivalentTo(asked));
    }

    [Test]
    public async Task Counting_what_became_free_reads_a_number_however_often_that_was()
    {
        var store = await OpenAsync();
        await LapseAsync(1);
        var before = PagesRead.By(Shard, () => Frees(store));

        await LapseAsync(2_000);

        Assert.That(PagesRead.By(Shard, () => Frees(store)), Is.EqualTo(before));
        Assert.That(Frees(store), Is.EqualTo(2_001));

        async Task LapseAsync(int orders)
        {
            var placed = Enumerable.Range(1, orders).Select(number => SampleOrder.Place(number)).ToList();
            var lapsed = placed.Select(order => OrderRules.Expire(order.After, settledPaymentId: null, order.After.ExpiresAt));
            await store.WriteAsync([.. placed.Concat(lapsed).Select(change => new OrderWrite(change, Inbox: null))]);
        }
    }

    protected override Task<IOrderStore> OpenAsync() => Task.FromResult<IOrderStore>(SqliteStores.Open(folder.Open(), shard: 1));

    protected override Task CloseAsync() => folder.CloseAsync();

    protected override Task ClearAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }

    // A query of an embedded file is done when its task is handed out.
    private static IReadOnlySet<Guid> Pending(IOrderStore store, Guid[] asked) => store.WithPendingMessagesAsync(asked).GetAwaiter().GetResult();

    private static long Frees(IOrderStore store) => store.CountFreesAsync(SampleOrder.Event).GetAwaiter().GetResult();
}

[TestFixture]
internal sealed class SqliteBookingDirectoryTests : BookingDirectoryContract
{
    private readonly StorageFolder folder = new();

    protected override Task<IBookingDirectory> OpenAsync() =>
        Task.FromResult<IBookingDirectory>(new SqliteBookingDirectory(folder.Open().Open("booking", SqliteBookingDirectory.Schema), _ => true));

    protected override Task CloseAsync() => folder.CloseAsync();

    protected override Task ClearAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}
