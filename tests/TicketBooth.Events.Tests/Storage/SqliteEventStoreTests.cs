using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

[TestFixture]
internal sealed class SqliteEventStoreTests : EventStoreContract
{
    private TestStorage storage = null!;

    [TearDown]
    public async Task Delete() => await storage.DisposeAsync();

    [Test]
    public async Task Knows_everything_after_it_was_closed_and_opened_again()
    {
        var shown = Sample.Published(Sample.Tier(floor: 1));
        await Store.AddAsync(shown);
        await Store.ApplyAsync(Sample.Sale(shown, Sample.NewId(), 1, TicketState.OnPayment, 7), Sample.NewKey(), Sample.Now);
        await Store.ReplaceAsync(shown.Cancel(), MessageCodec.Encode(new EventCanceled(shown.Id, 3, Sample.Now), shown.Id, Sample.Now));

        await storage.ReopenAsync();
        var again = new SqliteEventStore(storage.Storage);

        var found = (await again.FindAsync(shown.Id))!;
        Assert.That((found.IsCanceled, found.Revision, found.Tiers[0].Held, found.Tiers[0].Floor), Is.EqualTo((true, 3L, 1, (long?)1)));
        Assert.That(await again.TakenTicketsAsync(shown.Id, 1, 10), Is.EqualTo(new[] { new TakenTicket(7, TicketState.OnPayment) }));
        Assert.That(again.Outbox.Read(0, 10), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Can_be_read_by_an_audit_beside_the_process_that_writes()
    {
        var shown = Sample.Published();
        await Store.AddAsync(shown);
        await using var beside = storage.OpenReadOnly();
        var auditor = new SqliteEventStore(beside);

        await Store.ApplyAsync(Sample.Sale(shown, Sample.NewId(), 1, TicketState.OnPayment, 7), Sample.NewKey(), Sample.Now);

        Assert.That((await auditor.LedgerAsync(shown.Id))!.Claims, Has.Count.EqualTo(1));
        Assert.That(await auditor.PageOfIdsAsync(Guid.Empty, 10), Is.EqualTo(new[] { shown.Id }));
    }

    private protected override Task<IEventStore> OpenAsync()
    {
        storage = new TestStorage();
        return Task.FromResult<IEventStore>(new SqliteEventStore(storage.Storage));
    }
}
