using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Mongo;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Storage;

[TestFixture]
internal sealed class MongoOrderStoreTests : OrderStoreContract
{
    private MongoFolder folder = null!;

    [TearDown]
    public async Task DropFolderAsync()
    {
        await folder.DisposeAsync();
        folder = null!;
    }

    [Test]
    public async Task Two_hosts_that_open_a_new_shard_at_once_make_one_index_that_both_obey()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => folder.OpenAsync("booking_0002"))));

        var outcomes = await Task.WhenAll(hosts.Select(host => Task.Run(async () => (await host.WriteAsync([new OrderWrite(SampleOrder.Place(1), Inbox: null)]))[0])));

        Assert.That(outcomes.Count(outcome => outcome == WriteOutcome.Written), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome == WriteOutcome.TicketTaken), Is.EqualTo(7));
    }

    [Test]
    public async Task Without_its_unique_index_a_ticket_would_be_sold_twice_and_the_audit_would_say_so()
    {
        var host = await folder.OpenAsync("booking_0003");
        await folder.Orders("booking_0003").Indexes.DropOneAsync("held_once");

        var first = await host.WriteAsync([new OrderWrite(SampleOrder.Place(1), Inbox: null)]);
        var second = await host.WriteAsync([new OrderWrite(SampleOrder.Place(1), Inbox: null)]);

        Assert.That(first.Concat(second), Is.EqualTo(new[] { WriteOutcome.Written, WriteOutcome.Written }), "this is what the index is there for");
        Assert.That((await host.CountClaimsAsync()).TicketsWithoutClaim, Is.EqualTo(2));
    }

    [Test]
    public async Task Counts_on_from_what_was_counted_and_does_not_read_again_what_became_free_before()
    {
        var (host, orders) = (await folder.OpenAsync("booking_0004"), folder.Orders("booking_0004"));
        await LapseAsync(host, 3);
        await orders.UpdateManyAsync(Where.Exists(OrderDocument.FreedAt), Set.Set(OrderDocument.FreedAt, DateTime.UtcNow.AddHours(-1)));
        await LapseAsync(host, 2);
        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(5));

        // Whoever read them again would count these as well.
        await orders.UpdateManyAsync(Where.Lt(OrderDocument.FreedAt, DateTime.UtcNow.AddMinutes(-30)), Set.Set(OrderDocument.Freed, 1_000));

        await LapseAsync(host, 1);
        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(6));
        Assert.That(await (await folder.OpenAsync("booking_0004")).CountFreesAsync(SampleOrder.Event), Is.EqualTo(3_003), "a host that begins");
    }

    [Test]
    public async Task Moves_on_when_much_became_free_and_goes_on_counting_every_time()
    {
        var (host, orders) = (await folder.OpenAsync("booking_0005"), folder.Orders("booking_0005"));
        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.Zero);
        await LapseAsync(host, 1_100);
        await orders.UpdateManyAsync(Where.Exists(OrderDocument.FreedAt), Set.Set(OrderDocument.FreedAt, DateTime.UtcNow.AddHours(-1)));
        await LapseAsync(host, 1);
        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(1_101));

        await orders.UpdateManyAsync(Where.Lt(OrderDocument.FreedAt, DateTime.UtcNow.AddMinutes(-30)), Set.Set(OrderDocument.Freed, 1_000));

        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(1_101));
        await LapseAsync(host, 1);
        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(1_102));
    }

    [Test]
    public async Task Counts_what_an_older_release_has_freed()
    {
        var (host, orders) = (await folder.OpenAsync("booking_0006"), folder.Orders("booking_0006"));
        await LapseAsync(host, 3);
        await orders.UpdateManyAsync(Where.Empty, Set.Unset(OrderDocument.FreedAt));
        await LapseAsync(host, 1);
        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(4));

        await LapseAsync(host, 1);

        Assert.That(await host.CountFreesAsync(SampleOrder.Event), Is.EqualTo(5));
    }

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    private static async Task LapseAsync(MongoOrderStore host, int count)
    {
        var placed = Enumerable.Range(1, count).Select(number => SampleOrder.Place(number)).ToList();
        await host.WriteAsync([.. placed.Select(order => new OrderWrite(order, Inbox: null))]);
        await host.WriteAsync([.. placed.Select(order => new OrderWrite(OrderRules.Expire(order.After, settledPaymentId: null, order.After.ExpiresAt), Inbox: null))]);
    }

    // The contract's own set-up opens before this fixture's has run.
    protected override async Task<IOrderStore> OpenAsync() => await (folder ??= new MongoFolder()).OpenAsync("booking_0001");

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task ClearAsync() => Task.CompletedTask;
}

[TestFixture]
internal sealed class MongoBookingDirectoryTests : BookingDirectoryContract
{
    private MongoFolder folder = null!;

    [TearDown]
    public async Task DropFolderAsync()
    {
        await folder.DisposeAsync();
        folder = null!;
    }

    [Test]
    public async Task Hosts_that_ask_at_once_agree_on_the_shard_of_every_event()
    {
        var events = Enumerable.Range(0, 60).Select(_ => SampleOrder.NewId()).ToList();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => folder.OpenDirectoryAsync()));

        var answers = await Task.WhenAll(hosts.Select(host => Task.Run(async () =>
        {
            var shards = new List<ushort>();
            foreach (var shows in events)
            {
                shards.Add(await host.AssignAsync(shows, large: false));
            }

            return shards;
        })));

        Assert.That(answers, Is.All.EqualTo(answers[0]));
        Assert.That(answers[0].GroupBy(shard => shard).Select(group => group.Count()), Is.All.LessThanOrEqualTo(50));
    }

    // The contract's own set-up opens before this fixture's has run.
    protected override async Task<IBookingDirectory> OpenAsync() => await (folder ??= new MongoFolder()).OpenDirectoryAsync();

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task ClearAsync() => Task.CompletedTask;
}

/// <summary>Databases of a test's own; every opening is another host's.</summary>
internal sealed class MongoFolder : IAsyncDisposable
{
    private readonly MongoDbSpace space = new();
    private readonly MongoStorage storage;

    public MongoFolder() => storage = new MongoStorage(
        new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", space.ConnectionString)]).Build(), Options.Create(new StorageOptions()));

    public MongoDB.Driver.IMongoCollection<BsonDocument> Orders(string name) => storage.Database(name).GetCollection<BsonDocument>(MongoOrderStore.Collection);

    public async Task<MongoOrderStore> OpenAsync(string name)
    {
        var store = new MongoOrderStore(Orders(name), new MongoOutbox(name, Orders(name), new SingleHost(), TimeProvider.System));
        await store.EnsureIndexesAsync(CancellationToken.None);
        return store;
    }

    public async Task<MongoBookingDirectory> OpenDirectoryAsync()
    {
        var directory = new MongoBookingDirectory(storage.Database("booking"));
        await directory.EnsureIndexesAsync(CancellationToken.None);
        return directory;
    }

    public IMongoCollection<BsonDocument> Shifts => storage.Database("booking").GetCollection<BsonDocument>("shifts");

    public async Task<MongoShiftStore> OpenShiftsAsync()
    {
        var store = new MongoShiftStore(storage.Database("booking"));
        await store.EnsureIndexesAsync(CancellationToken.None);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }
}
