using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Storage;

[TestFixture]
internal sealed class SqliteEventStoreTests : EventStoreContract
{
    private TestStorage storage = null!;

    // As it was released; what such a store holds must not be lost.
    private const string FirstSchema = """
        CREATE TABLE events(
            id BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, is_published INTEGER NOT NULL, is_canceled INTEGER NOT NULL,
            name TEXT NOT NULL, venue TEXT NOT NULL, search TEXT NOT NULL, description TEXT NOT NULL,
            starts_at INTEGER NOT NULL, published_at INTEGER, ends_selling_at INTEGER NOT NULL,
            capacity INTEGER NOT NULL, currency TEXT NOT NULL, large INTEGER NOT NULL);
        CREATE INDEX events_by_start ON events(starts_at, id);
        CREATE TABLE tiers(
            event_id BLOB NOT NULL REFERENCES events(id), id BLOB NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
            price INTEGER NOT NULL, floor INTEGER, ceiling INTEGER,
            released INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, sold INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY(event_id, id)) WITHOUT ROWID;
        CREATE TABLE ticket_ranges(
            event_id BLOB NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, tier_id BLOB NOT NULL,
            PRIMARY KEY(event_id, first)) WITHOUT ROWID;
        CREATE TABLE sales(
            event_id BLOB NOT NULL, order_id BLOB NOT NULL, revision INTEGER NOT NULL, state INTEGER NOT NULL, tickets INTEGER NOT NULL,
            PRIMARY KEY(event_id, order_id)) WITHOUT ROWID;
        CREATE TABLE holders(
            event_id BLOB NOT NULL, number INTEGER NOT NULL, order_id BLOB NOT NULL, sold INTEGER NOT NULL,
            PRIMARY KEY(event_id, number, order_id)) WITHOUT ROWID;
        """;

    private IOutboxSource Outbox => (IOutboxSource)Store.Events.Outbox;

    [TearDown]
    public async Task Delete() => await storage.DisposeAsync();

    private protected override async Task DriftAsync(Event shown)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(storage.Storage.Folder, "events.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE tiers SET held = held + 1, sold = sold - 1";
        Assert.That(await command.ExecuteNonQueryAsync(), Is.Positive);
    }

    [Test]
    public async Task Knows_everything_after_it_was_closed_and_opened_again()
    {
        var shown = Sample.Published(Sample.Tier(floor: 1));
        await Store.Events.AddAsync(shown);
        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 7));
        await Store.Events.ReplaceAsync(shown.Cancel(), MessageCodec.Encode(new EventCanceled(shown.Id, 3, Sample.Now), shown.Id, Sample.Now));

        await storage.ReopenAsync();
        var again = TestStores.In(storage.Storage);

        var found = (await again.Events.FindAsync(shown.Id))!;
        Assert.That((found.IsCanceled, found.Revision, found.Tiers[0].Held, found.Tiers[0].Pricing.Floor), Is.EqualTo((true, 3L, 1, (long?)1)));
        Assert.That(await again.Tickets.TakenTicketsAsync(shown.Id, 1, 10), Is.EqualTo(new[] { new TakenTicket(7, TicketState.OnPayment) }));
        Assert.That(((IOutboxSource)again.Events.Outbox).Read(0, 10), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Can_be_read_by_an_audit_beside_the_process_that_writes()
    {
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        await using var beside = storage.OpenReadOnly();
        var auditor = TestStores.In(beside);

        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 7));

        Assert.That((await auditor.Tickets.LedgerAsync(shown.Id))!.Claims, Has.Count.EqualTo(1));
        Assert.That(await auditor.Events.PageOfIdsAsync(Guid.Empty, 10), Is.EqualTo(new[] { shown.Id }));
    }

    [Test]
    public async Task Forgets_messages_that_came_long_ago_and_still_knows_the_order()
    {
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        var sale = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        await Store.Tickets.ApplyAsync(sale);

        await Outbox.ForgetMessagesAsync(Sample.Now.AddDays(1));

        Assert.That(await Store.Tickets.ApplyAsync(sale), Is.False, "the revision says it too");
        Assert.That((await Store.Events.FindAsync(shown.Id))!.Tiers.Single().Held, Is.EqualTo(1));
    }

    [Test]
    public async Task Upgrades_a_store_from_before_prices_moved()
    {
        await using var former = new TestStorage();
        var published = Sample.Published(Sample.Tier("Front", 30_000, 3, floor: 20_000, ceiling: 40_000), Sample.Tier("Back", 12_345, 5)) with { Version = 7, Revision = 7 };
        var draft = Sample.Draft();
        await former.Storage.Open("events", [SqliteOutbox.Schema, FirstSchema]).WriteAsync(session =>
        {
            WriteAsBefore(session, published);
            WriteAsBefore(session, draft);
        });
        await former.ReopenAsync();

        var store = TestStores.In(former.Storage);

        var found = (await store.Events.FindAsync(published.Id))!;
        Assert.That(System.Text.Json.JsonSerializer.Serialize(found), Is.EqualTo(System.Text.Json.JsonSerializer.Serialize(published)), "prices as they were and the base of all that follows");
        Assert.That(found.Policy, Is.EqualTo(PricingPolicy.Off));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(await store.Events.FindAsync(draft.Id)), Is.EqualTo(System.Text.Json.JsonSerializer.Serialize(draft with { ChangedAt = default })), "when it was changed was not stored");
        var history = await store.Prices.PriceChangesAsync(published.Id, tierId: null, after: null, limit: 10);
        Assert.That(
            history,
            Is.EquivalentTo(published.Tiers.Select(tier => new PriceChange(published.Id, 7, tier.Id, Sample.Now, null, tier.Price, new PriceCause(PriceChangeReason.Published)))));
        Assert.That(await store.Prices.PriceChangesAsync(draft.Id, tierId: null, after: null, limit: 10), Is.Empty, "nobody was quoted a draft's prices");

        // And it goes on from there.
        var adjusted = found.Adjust(10, Sample.Now).Value;
        Assert.That(await store.Events.ReplaceAsync(adjusted, EventRecords.None), Is.True);
        Assert.That((await store.Events.FindAsync(published.Id))!.Tiers.Select(tier => tier.Price), Is.EqualTo(new[] { 33_000L, 13_600L }));
        Assert.That(await store.Tickets.ApplyAsync(Sample.Update(published, Sample.NewId(), 1, TicketState.OnPayment, 1)), Is.True);
    }

    [Test]
    public async Task Messages_that_wait_are_looked_up_for_the_events_asked_for_however_many_wait()
    {
        var said = await AddedAsync(Sample.Published());
        var silent = await AddedAsync(Sample.Published());
        var message = MessageCodec.Encode(new EventChanged(said.Id, said.Revision, Sample.Now), said.Id, Sample.Now);
        await Store.Events.ReplaceAsync(said with { Version = said.Version + 1 }, new EventRecords([message], []));
        var database = storage.Storage.Open("events", []);
        var before = PagesRead.By(database, () => Pending());

        for (var batch = 0; batch < 40; batch++)
        {
            var entries = Enumerable.Range(0, 250).Select(_ => MessageCodec.Encode(new EventChanged(silent.Id, 1, Sample.Now), Sample.NewId(), Sample.Now));
            await database.WriteAsync(session => SqliteOutbox.Append(session, [.. entries]));
        }

        Assert.That(PagesRead.By(database, () => Pending()), Is.LessThanOrEqualTo(before + 5), "10,000 messages wait");
        Assert.That(Pending(), Is.EquivalentTo(new[] { said.Id }));

        IReadOnlySet<Guid> Pending() => Store.Events.WithPendingMessagesAsync([said.Id, silent.Id]).GetAwaiter().GetResult();
    }

    private protected override TestStores OpenAnother() => TestStores.In(storage.Storage);

    private protected override Task<IReadOnlyList<OutboxEntry>> SaidAsync() => Task.FromResult(Outbox.Read(0, 1_000));

    private protected override Task WaitForMessageAsync() => Outbox.WaitAsync(0, CancellationToken.None);

    private protected override Task<TestStores> OpenAsync()
    {
        storage = new TestStorage();
        return Task.FromResult(TestStores.In(storage.Storage));
    }

    private static void WriteAsBefore(SqliteSession session, Event written)
    {
        session.Execute(
            "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            written.Id, written.Revision, written.IsPublished, written.IsCanceled, written.Name, written.Venue, SearchText.Of(written), written.Description,
            written.StartsAt, written.PublishedAt, written.EndsSellingAt, written.Capacity, written.Currency, written.Large);
        for (var position = 0; position < written.Tiers.Count; position++)
        {
            var tier = written.Tiers[position];
            session.Execute(
                "INSERT INTO tiers(event_id, id, position, name, price, floor, ceiling, released) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                written.Id, tier.Id, position, tier.Name, tier.Price, tier.Pricing.Floor, tier.Pricing.Ceiling, tier.Released);
            session.Execute("INSERT INTO ticket_ranges VALUES (?1, ?2, ?3, ?4)", written.Id, tier.Tickets.Single().First, tier.Tickets.Single().Count, tier.Id);
        }
    }
}
