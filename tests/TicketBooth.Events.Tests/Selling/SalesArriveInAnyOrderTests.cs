using TicketBooth.BuildingBlocks.Auditing;
using TicketBooth.Events.Auditing;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Tests.Storage;

namespace TicketBooth.Events.Tests.Selling;

[TestFixture]
internal sealed class SalesArriveInAnyOrderTests
{
    private TestStorage storage = null!;
    private SqliteEventStore store = null!;

    [OneTimeSetUp]
    public void Open()
    {
        storage = new TestStorage();
        store = new SqliteEventStore(storage.Storage);
    }

    [OneTimeTearDown]
    public async Task Close() => await storage.DisposeAsync();

#pragma warning disable NUnit1027 // FsCheck supplies the argument
    [FsCheck.NUnit.Property(Arbitrary = [typeof(OrderHistories)], MaxTest = 300)]
    public async Task Any_arrival_of_any_history_ends_in_the_same_tickets_and_counters(OrderHistory history)
#pragma warning restore NUnit1027
    {
        ArgumentNullException.ThrowIfNull(history);
        await store.AddAsync(history.Shown);

        await Task.WhenAll(history.Arrivals.Select(arrival => store.ApplyAsync(arrival.Sale, arrival.Key, Sample.Now)));

        var taken = (await store.TakenTicketsAsync(history.Shown.Id, 1, int.MaxValue)).ToDictionary(ticket => ticket.Number, ticket => ticket.State);
        Assert.That(taken, Is.EquivalentTo(history.States.Where(ticket => ticket.Value != TicketState.Available)));
        foreach (var tier in (await store.FindAsync(history.Shown.Id))!.Tiers)
        {
            Assert.That(tier.Held, Is.EqualTo(history.States.Count(ticket => tier.Has(ticket.Key) && ticket.Value == TicketState.OnPayment)));
            Assert.That(tier.Sold, Is.EqualTo(history.States.Count(ticket => tier.Has(ticket.Key) && ticket.Value == TicketState.Sold)));
        }

        var report = new AuditReport();
        EventsAudit.Check((await store.LedgerAsync(history.Shown.Id))!, report);
        Assert.That(report.Violations, Is.Empty);
    }
}
