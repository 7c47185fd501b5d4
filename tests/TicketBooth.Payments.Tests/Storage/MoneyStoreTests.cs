using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Storage.Mongo;
using TicketBooth.Payments.Storage.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Storage;

/// <summary>What every <see cref="IMoneyStore"/> must do, whatever it is made of.</summary>
internal abstract class MoneyStoreContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, 123, TimeSpan.Zero);

    protected abstract IMoneyStore Open();

    [Test]
    public async Task Gives_back_what_was_written_and_lists_what_is_open()
    {
        var open = Money("c1");
        var decided = Money("c2") with { State = UnmatchedState.Accepted, Note = "Deposit", By = "Carla", AskedAs = Guid.CreateVersion7(Now), Tries = 3, Failure = "no funds", Returns = [new("re-1", 5)] };
        foreach (var money in new[] { open, decided })
        {
            await Open().ChangeAsync(money.Id, _ => money);
        }

        var refused = await Open().ChangeAsync(open.Id, _ => PaymentsErrors.CaseChoice);

        Assert.That((await Open().FindAsync(open.Id), await Open().FindAsync(decided.Id)), Is.EqualTo((open, decided)));
        Assert.That(await Open().FindAsync(Guid.CreateVersion7(Now)), Is.Null);
        Assert.That(refused.Error, Is.EqualTo(PaymentsErrors.CaseChoice));
        Assert.That(await Open().ListAsync(openOnly: true, Guid.Empty, 10), Is.EqualTo(new[] { open }));
        Assert.That(await Open().ListAsync(openOnly: false, Guid.Empty, 10), Is.EquivalentTo(new[] { open, decided }));
    }

    [Test]
    public async Task Of_words_that_hosts_write_at_once_none_is_lost_and_the_money_is_one()
    {
        IMoneyStore[] hosts = [Open(), Open()];
        var id = Money("c1").Id;

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => hosts[i % 2].ChangeAsync(
            id, known => (known ?? Money("c1")).Hear(new GatewayRefund($"re-{i}", null, "c1", 10, "BRL", GatewayRefundState.Settled, null, Now))))));

        var money = (await Open().ListAsync(openOnly: false, Guid.Empty, 10)).Single();
        Assert.That(money.Returns.Sum(returned => returned.Amount), Is.EqualTo(300));
        Assert.That(money.State, Is.EqualTo(UnmatchedState.Refunded));
    }

    [Test]
    public async Task Keeps_an_unread_webhook_once()
    {
        UnreadWebhook webhook = new("Stripe", "evt_1", "payout.paid", "{}", Now);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Open().AddUnreadAsync(webhook)));
        await Open().AddUnreadAsync(webhook with { Gateway = "Pix", At = Now.AddSeconds(1) });

        Assert.That(await Open().ListUnreadAsync(10), Is.EqualTo(new[] { webhook with { Gateway = "Pix", At = Now.AddSeconds(1) }, webhook }));
    }

    [Test]
    public async Task Forgets_unread_webhooks_of_before_a_time_however_many_they_are()
    {
        UnreadWebhook kept = new("Stripe", "evt_kept", "payout.paid", "{}", Now);
        await Open().AddUnreadAsync(kept);
        foreach (var some in Enumerable.Range(0, 1_001).Chunk(50))
        {
            await Task.WhenAll(some.Select(i => Open().AddUnreadAsync(kept with { Id = $"evt_{i}", At = Now.AddTicks(-10_000) })));
        }

        await Open().ForgetUnreadAsync(Now);

        Assert.That(await Open().ListUnreadAsync(10), Is.EqualTo(new[] { kept }));
    }

    private static UnmatchedMoney Money(string captureId) => new("Sandbox", "x-1", captureId, Now) { Amount = 300, Currency = "BRL", PaymentId = Guid.Parse("0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d") };
}

[TestFixture]
internal sealed class SqliteMoneyStoreTests : MoneyStoreContract
{
    private string folder = "";
    private EmbeddedStorage storage = null!;

    [SetUp]
    public void OpenFolder()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-payments-").FullName;
        storage = new EmbeddedStorage(Options.Create(new StorageOptions { Path = folder }), new HostingEnvironment { ContentRootPath = folder });
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    protected override IMoneyStore Open() => new SqliteMoneyStore(storage);
}

[TestFixture]
internal sealed class MongoMoneyStoreTests : MoneyStoreContract
{
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;

    [SetUp]
    public void OpenSpace()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    protected override IMoneyStore Open() => new MongoMoneyStore(storage);
}
