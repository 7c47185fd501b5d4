using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
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

    public async ValueTask DisposeAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }
}
