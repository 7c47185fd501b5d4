using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Invariants;
using TicketBooth.Events.Storage.Mongo;
using TicketBooth.Events.Tests.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.TicketStates;

internal abstract class UpdatesArriveInAnyOrder
{
    /// <param name="hosts">Take the messages in turn.</param>
    private protected static async Task CheckAsync(OrderHistory history, params TestStores[] hosts)
    {
        var store = hosts[0];
        await store.Events.AddAsync(history.Shown);

        // In pages of any size, several at once.
        var pages = new List<List<TicketUpdate>>();
        for (var taken = 0; taken < history.Arrivals.Count; taken += pages[^1].Count)
        {
            pages.Add([.. history.Arrivals.Skip(taken).Take(1 + (history.Arrivals[taken].OrderId.GetHashCode() & 7))]);
        }

        await Task.WhenAll(pages.Select((page, i) => hosts[i % hosts.Length].Tickets.ApplyAsync(page)));

        var found = (await store.Tickets.TakenTicketsAsync(history.Shown.Id, 1, int.MaxValue)).ToDictionary(ticket => ticket.Number, ticket => ticket.State);
        Assert.That(found, Is.EquivalentTo(history.States.Where(ticket => ticket.Value != TicketState.Available)));
        var demand = await store.Tickets.DemandAsync(history.Shown.Id, 0);
        foreach (var tier in (await store.Events.FindAsync(history.Shown.Id))!.Tiers)
        {
            Assert.That(tier.Held, Is.EqualTo(history.States.Count(ticket => tier.Has(ticket.Key) && ticket.Value == TicketState.OnPayment)));
            Assert.That(tier.Sold, Is.EqualTo(history.States.Count(ticket => tier.Has(ticket.Key) && ticket.Value == TicketState.Sold)));
            var minutes = demand.Where(minute => minute.TierId == tier.Id).ToList();
            Assert.That((minutes.Sum(minute => minute.Held), minutes.Sum(minute => minute.Sold)), Is.EqualTo((tier.Held, tier.Sold)), "all minutes together are the counters");
        }

        var told = history.Arrivals.Select(arrival => DemandMinute.Of(arrival.At));
        Assert.That(demand.Select(minute => minute.Minute).Distinct(), Is.SubsetOf(told.Distinct()));

        var report = new InvariantReport();
        TicketCounterInvariant.Check((await store.Tickets.LedgerAsync(history.Shown.Id))!, report);
        Assert.That(report.Violations, Is.Empty);
    }
}

#pragma warning disable NUnit1027 // FsCheck supplies the arguments
[TestFixture]
internal sealed class UpdatesArriveInAnyOrderInSqliteTests : UpdatesArriveInAnyOrder
{
    private TestStorage storage = null!;
    private TestStores store = null!;

    [OneTimeSetUp]
    public void Open()
    {
        storage = new TestStorage();
        store = TestStores.In(storage.Storage);
    }

    [OneTimeTearDown]
    public async Task Close() => await storage.DisposeAsync();

    [FsCheck.NUnit.Property(Arbitrary = [typeof(OrderHistories)], MaxTest = 300)]
    public Task Any_arrival_of_any_history_ends_in_the_same_tickets_and_counters(OrderHistory history) => CheckAsync(history, store);
}

[TestFixture]
internal sealed class UpdatesArriveInAnyOrderInMongoTests : UpdatesArriveInAnyOrder
{
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;
    private TestStores one = null!;
    private TestStores other = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        var (database, beside) = (new MongoEventsDatabase(storage, new SingleHost(), TimeProvider.System), new MongoEventsDatabase(storage, new SingleHost(), TimeProvider.System));
        (one, other) = (TestStores.In(database), TestStores.In(beside));
        await database.EnsureIndexesAsync(CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(OrderHistories)], MaxTest = 100)]
    public Task Any_arrival_of_any_history_ends_in_the_same_tickets_and_counters(OrderHistory history) => CheckAsync(history, one);

    [FsCheck.NUnit.Property(Arbitrary = [typeof(OrderHistories)], MaxTest = 50)]
    public Task Any_arrival_at_two_hosts_does(OrderHistory history) => CheckAsync(history, one, other);
}
