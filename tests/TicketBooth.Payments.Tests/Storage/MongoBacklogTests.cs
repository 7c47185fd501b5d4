using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Storage;

/// <summary>The backlogs of an outbox in MongoDB, which the module's payments have like every other.</summary>
[TestFixture]
internal sealed class MongoBacklogTests
{
    private readonly FakeTimeProvider clock = new();
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;
    private MongoOutbox outbox = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        outbox = NewOutbox(new SingleHost());
        await outbox.EnsureIndexesAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    [Test]
    public async Task Entries_come_oldest_first_and_each_destination_has_its_own()
    {
        var (first, second, third) = (Entry(), Entry(), Entry(later: 1));
        await outbox.SetAsideAsync("Dashboard", [third], CancellationToken.None);
        await outbox.SetAsideAsync("Dashboard", [first, second], CancellationToken.None);
        await outbox.SetAsideAsync("Booking", [first], CancellationToken.None);

        Assert.That(await outbox.BehindAsync(CancellationToken.None), Is.EquivalentTo(["Booking", "Dashboard"]));
        Assert.That(await TakenAsync("Dashboard"), Is.EqualTo(new[] { first.MessageId, second.MessageId, third.MessageId }));

        await outbox.RemoveSetAsideAsync("Dashboard", [first, second, third]);

        Assert.That(await outbox.BehindAsync(CancellationToken.None), Is.EqualTo(["Booking"]));
        Assert.That(await TakenAsync("Booking"), Is.EqualTo(new[] { first.MessageId }));
    }

    [Test]
    public async Task An_entry_that_is_set_aside_twice_waits_once_and_stays_pending()
    {
        var entry = Entry();
        await Task.WhenAll(
            outbox.SetAsideAsync("Dashboard", [entry], CancellationToken.None),
            outbox.SetAsideAsync("Booking", [entry], CancellationToken.None)
        );
        await outbox.SetAsideAsync("Dashboard", [entry], CancellationToken.None);

        Assert.That(await outbox.DepthAsync(CancellationToken.None), Is.EqualTo(2));
        Assert.That(await outbox.PendingKeysAsync([entry.Key, Guid.NewGuid()], CancellationToken.None), Is.EqualTo([entry.Key]));
        Assert.That(await TakenAsync("Dashboard"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task One_host_at_a_time_delivers_a_backlog()
    {
        var holders = new ConcurrentDictionary<string, Leases>(StringComparer.Ordinal);
        var (one, other) = (NewOutbox(new Leases(holders)), NewOutbox(new Leases(holders)));
        var entry = Entry();
        await one.SetAsideAsync("Dashboard", [entry], CancellationToken.None);

        Assert.That(await one.TakeSetAsideAsync("Dashboard", 10, CancellationToken.None), Has.Count.EqualTo(1));
        Assert.That(await other.TakeSetAsideAsync("Dashboard", 10, CancellationToken.None), Is.Null);

        await one.RemoveSetAsideAsync("Dashboard", [entry]);
        Assert.That(await one.TakeSetAsideAsync("Dashboard", 10, CancellationToken.None), Is.Empty);
        Assert.That(await other.TakeSetAsideAsync("Dashboard", 10, CancellationToken.None), Is.Empty, "the lease was given back");
    }

    private async Task<List<Guid>> TakenAsync(string destination) =>
        [.. (await outbox.TakeSetAsideAsync(destination, 10, CancellationToken.None))!.Select(entry => entry.MessageId)];

    private OutboxEntry Entry(int later = 0)
    {
        var at = clock.GetUtcNow().AddSeconds(later);
        var (payment, order) = (Guid.NewGuid(), Guid.NewGuid());
        return MessageCodec.Encode(new PaymentConfirmed(payment, order, 100, "BRL", at), order, at);
    }

    private MongoOutbox NewOutbox(ILeases leases) =>
        new("payments", storage.Database("payments").GetCollection<BsonDocument>("payments"), leases, clock);

    /// <summary>The leases of one host among several.</summary>
    private sealed class Leases(ConcurrentDictionary<string, Leases> holders) : ILeases
    {
        public bool Several => true;

        public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken) =>
            Task.FromResult(holders.GetOrAdd(work, this) == this);

        public Task ReleaseAsync(string work, CancellationToken cancellationToken)
        {
            holders.TryRemove(new(work, this));
            return Task.CompletedTask;
        }
    }
}
