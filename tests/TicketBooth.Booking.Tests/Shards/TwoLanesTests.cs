using Microsoft.Extensions.Logging.Abstractions;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Two lanes over one store, as two hosts have them.</summary>
internal abstract class TwoLanesTests
{
    private TestedStore tested = null!;

    protected BookingBench Bench { get; private set; } = null!;

    protected WatchedStore Store { get; private set; } = null!;

    protected PurchaseLane Here { get; private set; } = null!;

    protected PurchaseLane Elsewhere { get; private set; } = null!;

    protected virtual (string Key, string Value)[] Settings => [];

    [SetUp]
    public async Task OpenAsync()
    {
        Bench = await BookingBench.OpenAsync(Settings);
        tested = NewStore();
        Store = new WatchedStore(await tested.OpenAsync(Bench));
        (Here, Elsewhere) = (NewLane(), NewLane());
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await Here.DisposeAsync();
        await Elsewhere.DisposeAsync();
        await tested.DisposeAsync();
        await Bench.DisposeAsync();
    }

    protected abstract TestedStore NewStore();

    protected Task DropTurnsAsync() => tested.DropTurnsAsync();

    protected Task DropClaimsAsync() => tested.DropClaimsAsync();

    protected async Task<EventOnSale> PublishAsync(params int[] tickets) => await Bench.OnSaleAsync(Bench.Events.Publish(tickets));

    private PurchaseLane NewLane() => new(Store, Bench.Catalog, Bench.Options, new SalesActivity(Bench.Clock), Bench.Get<LaneMetrics>(), Bench.Clock, NullLogger.Instance);
}

/// <summary>Where the two lanes write.</summary>
internal abstract class TestedStore : IAsyncDisposable
{
    public abstract Task<IOrderStore> OpenAsync(BookingBench bench);

    /// <summary>Takes away the index that gives a buyer's turn once.</summary>
    public abstract Task DropTurnsAsync();

    /// <summary>Takes away the index that gives a ticket once.</summary>
    public abstract Task DropClaimsAsync();

    public abstract ValueTask DisposeAsync();
}

internal sealed class SqliteUnderTest : TestedStore
{
    private const int Shard = 99;

    private SqliteDatabase database = null!;

    public override Task<IOrderStore> OpenAsync(BookingBench bench)
    {
        var storage = bench.Get<EmbeddedStorage>();
        var store = SqliteStores.Open(storage, Shard);
        database = storage.Open(SqliteStores.NameOf(Shard), SqliteOrderStore.Schema);
        return Task.FromResult<IOrderStore>(store);
    }

    public override Task DropTurnsAsync() => database.WriteAsync(session => session.Execute("DROP INDEX orders_turn"));

    public override Task DropClaimsAsync() => database.WriteAsync(session =>
    {
        session.Execute("DROP TABLE claims");
        session.Execute("CREATE TABLE claims(ticket_id BLOB NOT NULL, order_id BLOB NOT NULL)");
    });

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class MongoUnderTest : TestedStore
{
    private const string Shard = "booking_0001";

    private readonly MongoFolder folder = new();

    public override async Task<IOrderStore> OpenAsync(BookingBench bench) => await folder.OpenAsync(Shard);

    public override Task DropTurnsAsync() => folder.Orders(Shard).Indexes.DropOneAsync("turn_once");

    public override Task DropClaimsAsync() => folder.Orders(Shard).Indexes.DropOneAsync("held_once");

    public override ValueTask DisposeAsync() => folder.DisposeAsync();
}
