using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Storage.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Storage;

[TestFixture]
internal sealed class SqlitePaymentStoreTests : PaymentStoreContract
{
    private string folder = "";
    private EmbeddedStorage storage = null!;
    private SqlitePaymentStore store = null!;

    protected override IPaymentStore Store => store;

    private IOutboxSource Outbox => (IOutboxSource)store.Outbox;

    [SetUp]
    public void Open()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-payments-").FullName;
        OpenIn(folder);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    protected override async Task ReopenAsync()
    {
        await storage.DisposeAsync();
        OpenIn(folder);
    }

    protected override IPaymentStore OpenAnother() => new SqlitePaymentStore(storage);

    protected override Task ListenAsync() => Outbox.SubscribeAsync("test");

    protected override Task<IReadOnlyList<OutboxEntry>> SaidAsync() => Task.FromResult(Outbox.Read(0, 1_000));

    protected override Task DeliverAsync() => Outbox.AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["test"] = Outbox.Read(0, 1_000)[^1].Sequence });

    protected override Task WaitForMessageAsync() => Outbox.WaitAsync(0, CancellationToken.None);

    [Test]
    public async Task Without_the_unique_guard_the_same_webhook_has_fifty_effects()
    {
        // Shows that the guard decides, and that the test of it above can fail.
        await storage.Open("payments", []).WriteAsync(session =>
        {
            session.Execute("DROP TABLE webhooks");
            session.Execute("CREATE TABLE webhooks(id TEXT NOT NULL, at INTEGER NOT NULL)");
        });

        Assert.That(await EffectsOfFiftyAsync(), Is.EqualTo(50));
    }

    [Test]
    public async Task Knows_of_older_payments_when_they_got_the_status_that_they_have()
    {
        var paid = NewPayment() with { Status = PaymentStatus.Paid, ChangedAt = Now.AddMinutes(2) };
        var declined = NewPayment() with { Status = PaymentStatus.Declined, ChangedAt = Now.AddMinutes(3) };
        await Store.AddAsync(paid);
        await Store.AddAsync(declined);
        await storage.Open("payments", []).WriteAsync(session =>
        {
            foreach (var index in new[] { "due", "cases", "open_cases", "declined_of_buyer", "declined_of_order", "refunded", "moved", "given_up" })
            {
                session.Execute($"DROP INDEX payments_{index}");
            }

            foreach (var column in new[] { "gateway", "buyer_id", "money" })
            {
                session.Execute($"ALTER TABLE payments DROP COLUMN {column}");
            }

            session.Execute("DROP TABLE unmatched");
            session.Execute("DROP TABLE webhooks_unread");
            session.Execute("DROP TABLE reconciliations");
            session.Execute("ALTER TABLE payments DROP COLUMN declined_at");
            session.Execute("ALTER TABLE payments DROP COLUMN captured_at");
            session.Execute("ALTER TABLE payments DROP COLUMN told");
            session.Execute("DROP TABLE outbox_pages");
            session.Execute("CREATE TABLE outbox(sequence, message_id, type, key, body, correlation_id, trace_parent, at)");
            session.Execute("PRAGMA user_version = 1");
        });

        await ReopenAsync();

        Assert.That(await Store.FindAsync(paid.Id), Is.EqualTo(paid with { CapturedAt = Now.AddMinutes(2) }));
        Assert.That(await Store.FindAsync(declined.Id), Is.EqualTo(declined with { DeclinedAt = Now.AddMinutes(3) }));
    }

    [Test]
    public async Task Messages_that_wait_are_looked_up_for_the_page_however_many_wait()
    {
        await ListenAsync();
        var payments = Enumerable.Range(0, 100).Select(_ => NewPayment()).ToList();
        foreach (var payment in payments)
        {
            await Store.AddAsync(payment);
        }

        await Store.ChangeAsync(payments[1].Id, Capture("ext-1"));
        var database = storage.Open("payments", []);
        var before = PagesRead.By(database, () => Page());

        for (var batch = 0; batch < 40; batch++)
        {
            var entries = Enumerable.Range(0, 250).Select(_ => MessageCodec.Encode(new PaymentDeclined(payments[0].Id, payments[0].OrderId, "declined", Now), Guid.CreateVersion7(Now), Now));
            await database.WriteAsync(session => SqliteOutbox.Append(session, [.. entries]));
        }

        Assert.That(PagesRead.By(database, () => Page()), Is.LessThanOrEqualTo(before + 5), "10,000 messages wait");
        Assert.That(Page().Where(stored => stored.HasPendingMessages).Select(stored => stored.Payment.Id), Is.EqualTo(new[] { payments[1].Id }));

        IReadOnlyList<StoredPayment> Page() => Store.ListAsync(Guid.Empty, payments.Count).GetAwaiter().GetResult();
    }

    private void OpenIn(string path)
    {
        storage = new EmbeddedStorage(Options.Create(new StorageOptions { Path = path }), new Surroundings());
        store = new SqlitePaymentStore(storage);
    }

    private sealed class Surroundings : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "TicketBooth";

        public string ContentRootPath { get; set; } = Path.GetTempPath();

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
