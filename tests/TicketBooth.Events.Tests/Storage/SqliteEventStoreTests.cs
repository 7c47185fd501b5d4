using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

[TestFixture]
internal sealed class SqliteEventStoreTests : EventStoreContract
{
    private TestStorage storage = null!;

    private IOutboxSource Outbox => (IOutboxSource)Store.Outbox;

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
        Assert.That((found.IsCanceled, found.Revision, found.Tiers[0].Held, found.Tiers[0].Pricing.Floor), Is.EqualTo((true, 3L, 1, (long?)1)));
        Assert.That(await again.TakenTicketsAsync(shown.Id, 1, 10), Is.EqualTo(new[] { new TakenTicket(7, TicketState.OnPayment) }));
        Assert.That(((IOutboxSource)again.Outbox).Read(0, 10), Has.Count.EqualTo(1));
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

    [Test]
    public async Task Forgets_messages_that_came_long_ago_and_still_knows_the_order()
    {
        var shown = Sample.Published();
        await Store.AddAsync(shown);
        var sale = Sample.Sale(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        var key = Sample.NewKey();
        await Store.ApplyAsync(sale, key, Sample.Now);

        await Outbox.ForgetMessagesAsync(Sample.Now.AddDays(1));

        Assert.That(await Store.ApplyAsync(sale, key, Sample.Now), Is.False, "the revision says it too");
        Assert.That((await Store.FindAsync(shown.Id))!.Tiers.Single().Held, Is.EqualTo(1));
    }

    private protected override IEventStore OpenAnother() => new SqliteEventStore(storage.Storage);

    private protected override Task<IReadOnlyList<OutboxEntry>> SaidAsync() => Task.FromResult(Outbox.Read(0, 1_000));

    private protected override Task WaitForMessageAsync() => Outbox.WaitAsync(0, CancellationToken.None);

    private protected override Task<IEventStore> OpenAsync()
    {
        storage = new TestStorage();
        return Task.FromResult<IEventStore>(new SqliteEventStore(storage.Storage));
    }
}
