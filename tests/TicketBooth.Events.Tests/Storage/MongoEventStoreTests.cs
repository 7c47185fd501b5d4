using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Invariants;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Storage.Mongo;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Storage;

[TestFixture]
internal sealed class MongoEventStoreTests : EventStoreContract
{
    private readonly FakeTimeProvider clock = new();
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;

    private IMongoCollection<BsonDocument> Events => storage.Database("events").GetCollection<BsonDocument>(MongoEventsDatabase.EventCollection);

    private IMongoCollection<BsonDocument> Sales => storage.Database("events").GetCollection<BsonDocument>(MongoEventsDatabase.OrderCollection);

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    private protected override Task DriftAsync(Event shown) =>
        Events.UpdateOneAsync(
            Builders<BsonDocument>.Filter.Eq("_id", shown.Id.Bson()),
            Builders<BsonDocument>.Update.Inc($"{EventDocuments.Counts}.{shown.Tiers[0].Id:N}.held", 1));

    /// <summary>What was counted since the ledger was read would be lost.</summary>
    [Test]
    public async Task Counters_are_not_set_to_a_ledger_that_a_batch_has_overtaken()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 5));
        await Store.Events.AddAsync(shown);
        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1));
        var ledger = (await Store.Tickets.LedgerAsync(shown.Id))!;
        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 2));

        Assert.That(await new MongoTicketUpdateQueue(Database()).TrySetCountsAsync(shown.Id, rounds: 1, ledger), Is.False);

        Assert.That((await Store.Events.FindAsync(shown.Id))!.Tiers[0].Held, Is.EqualTo(2));
    }

    [Test]
    public async Task Hosts_that_start_at_once_make_the_indexes_once()
    {
        await Task.WhenAll(Events.Indexes.DropAllAsync(), Sales.Indexes.DropAllAsync());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Database().EnsureIndexesAsync(CancellationToken.None))));

        Assert.That(await NamesAsync(Events), Is.EquivalentTo(new[] { "_id_", "by_start", "versions", "by_demand", "outbox_at" }));
        Assert.That(await NamesAsync(Sales), Is.EquivalentTo(new[] { "_id_", "standing" }));

        static async Task<IEnumerable<string>> NamesAsync(IMongoCollection<BsonDocument> documents) =>
            (await (await documents.Indexes.ListAsync()).ToListAsync()).Select(index => index["name"].AsString);
    }

    [Test]
    public async Task Is_audited_by_a_process_that_only_looks()
    {
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 7));
        using var looking = space.OpenStorage(readOnly: true);
        var auditor = TestStores.In(new MongoEventsDatabase(looking, new SingleHost(), clock));

        Assert.That((await auditor.Tickets.LedgerAsync(shown.Id))!.Claims, Has.Count.EqualTo(1));
        Assert.That(await auditor.Events.PageOfIdsAsync(Guid.Empty, 10), Is.EqualTo(new[] { shown.Id }));
    }

    [Test]
    public async Task An_edit_in_the_midst_of_sales_loses_nothing_of_either()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 200));
        await Store.Events.AddAsync(shown);
        var other = OpenAnother();

        var selling = Crowd.CallAsync(200, async caller =>
        {
            await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, caller + 1));
            return caller;
        });
        var edited = shown;
        while (!selling.IsCompleted || edited == shown)
        {
            var next = edited.Edit(Sample.FormOf(edited) with { Description = $"Revision {edited.Revision + 1}" }, Sample.Now).Value;
            Assert.That(await other.Events.ReplaceAsync(next, message: null), Is.True);
            edited = next;
        }

        await selling;
        var found = (await Store.Events.FindAsync(shown.Id))!;
        Assert.That((found.Revision, found.Description, found.Tiers.Single().Sold), Is.EqualTo((edited.Revision, edited.Description, 200)));
    }

    /// <remarks>The bound is half of the time for which a former price may be quoted.</remarks>
    [TestCase(1)]
    [TestCase(5)]
    public async Task A_change_that_waits_for_a_second_is_decided_again(int waits)
    {
        var time = new FakeTimeProvider(Sample.Now);
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        var (documents, slow) = SlowWrites.Over(Events, time, waits);
        var events = new MongoEventStore(new MongoEventsDatabase(storage, new SingleHost(), time) { Events = documents });
        var decided = new List<DateTimeOffset>();

        var isWritten = await events.ChangeAsync(shown.Id, current =>
        {
            decided.Add(time.GetUtcNow());
            return new EventWrite(current with { Version = current.Version + 1, ChangedAt = decided[^1] }, EventRecords.None);
        });

        Assert.That(isWritten, Is.True);
        Assert.That(slow.Bounds, Is.All.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(decided, Is.EqualTo(Enumerable.Range(0, waits + 1).Select(second => Sample.Now.AddSeconds(second))));
        Assert.That((await Store.Events.FindAsync(shown.Id))!.ChangedAt, Is.EqualTo(Sample.Now.AddSeconds(waits)));
    }

    [Test]
    public async Task A_change_that_keeps_waiting_fails_and_is_not_written()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        var (documents, slow) = SlowWrites.Over(Events, time, waits: 100);
        var events = new MongoEventStore(new MongoEventsDatabase(storage, new SingleHost(), time) { Events = documents });

        Assert.ThrowsAsync<MongoExecutionTimeoutException>(() =>
            events.ChangeAsync(shown.Id, current => new EventWrite(current with { Version = current.Version + 1 }, EventRecords.None)));

        Assert.That(slow.Bounds, Has.Count.EqualTo(6));
        Assert.That((await Store.Events.FindAsync(shown.Id))!.Version, Is.EqualTo(shown.Version));
    }

    [Test]
    public async Task A_host_that_died_in_the_midst_of_a_batch_holds_nobody_up()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 10));
        await Store.Events.AddAsync(shown);
        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1));
        await CountAsync(shown, Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, 2));

        // The price changes at once, and the audit finds nothing.
        var records = new EventRecords([], [new PriceChange(shown.Id, shown.Version + 1, shown.Tiers[0].Id, Sample.Now, 1, 2, Cause)]);
        Assert.That(await OpenAnother().Events.ReplaceAsync(shown with { Version = shown.Version + 1 }, records), Is.True);
        var ledger = (await Store.Tickets.LedgerAsync(shown.Id))!;
        var report = new InvariantReport();
        TicketCounterInvariant.Check(ledger, report);
        Assert.That(report.Violations, Is.Empty);
        Assert.That((ledger.Event.Tiers[0].Held, ledger.Event.Tiers[0].Sold, ledger.Claims.Count), Is.EqualTo((1, 1, 2)));

        // The next batch finishes it.
        await OpenAnother().Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, 3));
        Assert.That((await Store.Tickets.TakenTicketsAsync(shown.Id, 1, 10)).Select(ticket => ticket.Number), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That((await Store.Tickets.DemandAsync(shown.Id, 0)).Sum(minute => minute.Taken), Is.EqualTo(3));
    }

    [Test]
    public async Task A_batch_that_many_hosts_finish_is_written_once()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 10));
        await Store.Events.AddAsync(shown);
        var (order, other) = (Sample.NewId(), Sample.NewId());
        var batch = await CountAsync(
            shown,
            Sample.Update(shown, order, 1, TicketState.OnPayment, 1, 2),
            Sample.Update(shown, other, 1, TicketState.Sold, 3)
        );

        // Those who decided it insert its orders, the others do not know which of them are new.
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => UnfinishedBatch.FinishAsync(Database(), shown.Id, batch, i % 2 == 0 ? _ => true : null)))
        );
        await Store.Tickets.ApplyAsync(Sample.Update(shown, order, 2, TicketState.Available, 1, 2));

        // A host that paused for long finishes it once more, after a newer batch.
        await UnfinishedBatch.FinishAsync(Database(), shown.Id, batch, _ => true);

        Assert.That((await Store.Tickets.TakenTicketsAsync(shown.Id, 1, 10)).Select(ticket => ticket.Number), Is.EqualTo(new[] { 3 }));
        Assert.That((await Store.Tickets.DemandAsync(shown.Id, 0)).Sum(minute => minute.Taken), Is.EqualTo(1));
        var tier = (await Store.Events.FindAsync(shown.Id))!.Tiers.Single();
        Assert.That((tier.Held, tier.Sold), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Rows_that_a_host_did_not_move_into_the_history_before_it_died_are_read_and_moved_by_the_next_change()
    {
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        var (first, second) = (RecordsOf(shown, 1), RecordsOf(shown, 2));
        var update = Builders<BsonDocument>.Update.Set("version", shown.Version + 1);
        await Events.UpdateOneAsync(Builders<BsonDocument>.Filter.Empty, MongoPriceHistoryStore.Carry(update, first));
        Assert.That(await VersionsAsync(), Is.EqualTo((new[] { shown.Version + 1 }, new[] { shown.Version + 1 })));

        Assert.That(await Store.Events.ReplaceAsync(shown with { Version = shown.Version + 2 }, second), Is.True);

        Assert.That(await VersionsAsync(), Is.EqualTo((new[] { shown.Version + 2, shown.Version + 1 }, new[] { shown.Version + 2, shown.Version + 1 })));
        var left = await Events.Find(Builders<BsonDocument>.Filter.Empty).SingleAsync();
        Assert.That(left[MongoPriceHistoryStore.NewPrices].AsBsonArray.Concat(left[MongoPriceHistoryStore.NewPolicies].AsBsonArray), Is.Empty);

        async Task<(long[], long[])> VersionsAsync() =>
            (
                [.. (await Store.Prices.PriceChangesAsync(shown.Id, null, null, 10)).Select(change => change.Version)],
                [.. (await Store.Prices.PolicyChangesAsync(shown.Id, 10)).Select(change => change.Version)]
            );

        EventRecords RecordsOf(Event before, int later) =>
            new(
                [],
                [new PriceChange(before.Id, before.Version + later, before.Tiers[0].Id, Sample.Now, 1, 2, Cause)],
                new PolicyChange(before.Id, before.Version + later, Sample.Now, Ana, before.Policy, before.Policy)
            );
    }

    private static PriceCause Cause => new(PriceChangeReason.Demand);

    /// <summary>Counts a batch and does not finish it, as a host that dies in between.</summary>
    private async Task<BsonDocument> CountAsync(Event shown, params TicketUpdate[] updates)
    {
        var found = await Events.Find(Builders<BsonDocument>.Filter.Empty).SingleAsync();
        var rounds = found.GetValue("rounds", 0L).ToInt64();
        var batch = new TicketUpdateBatch(shown.Tiers.Select(tier => tier.Id).ToHashSet(), []);
        foreach (var update in updates)
        {
            batch.Apply(update);
        }

        var document = UnfinishedBatch.Of(rounds + 1, batch);
        var queue = new MongoTicketUpdateQueue(Database());
        Assert.That(await queue.TryCountAsync(shown.Id, rounds, batch, document), Is.True);
        return document;
    }

    private protected override async Task<TestStores> OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        var database = Database();
        await database.EnsureIndexesAsync(CancellationToken.None);
        return TestStores.In(database);
    }

    private protected override TestStores OpenAnother() => TestStores.In(Database());

    private protected override Task<IReadOnlyList<OutboxEntry>> SaidAsync() => new MongoMessages(Events).ReadAsync();

    // Time stands still, so it is the signal that wakes and not the next sweep.
    private protected override Task WaitForMessageAsync() => ((IDocumentOutbox)Store.Events.Outbox).TakeAsync(10, CancellationToken.None);

    private MongoEventsDatabase Database() => new(storage, new SingleHost(), clock);
}
