using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>The outbox of a module that keeps its data through EF Core, at the one that has it first.</summary>
internal sealed class OutboxTests(Provider provider) : EmptyDatabaseFixture(provider)
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 20, 0, 0, TimeSpan.Zero);

    private TestHost host = null!;

    private RelationalOutbox Outbox => host.Outbox();

    [SetUp]
    public async Task StartAsync() => host = await StartHostAsync();

    [TearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task A_message_is_there_with_its_change_or_not_at_all()
    {
        Assert.ThrowsAsync<TimeoutException>(() => AddAsync(1, end: () => throw new TimeoutException()));
        var afterFailure = Outbox.Read(0, 10);

        await AddAsync(2);

        Assert.That(afterFailure, Is.Empty);
        Assert.That(Outbox.Read(0, 10).Select(entry => entry.Sequence), Is.EqualTo([1, 2]));
    }

    [Test]
    public async Task An_entry_is_read_as_it_was_added()
    {
        var entry = Entry() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        await AddAsync([entry]);

        Assert.That(Outbox.Read(0, 10).Single(), Is.EqualTo(entry with { Sequence = 1, Body = Outbox.Read(0, 10).Single().Body }).Using<OutboxEntry>(Same));

        static bool Same(OutboxEntry one, OutboxEntry other) =>
            (one with { Body = [] }) == (other with { Body = [] }) && one.Body.SequenceEqual(other.Body);
    }

    [Test]
    public void A_message_without_a_transaction_is_refused()
    {
        Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var scope = host.App.Services.CreateAsyncScope();
            await Outbox.AppendAsync(scope.ServiceProvider.GetRequiredService<AccountsDbContext>(), CancellationToken.None, Entry());
        });
    }

    [Test]
    public async Task What_every_destination_has_got_is_removed_and_no_number_is_used_twice()
    {
        await Outbox.SubscribeAsync("One");
        await Outbox.SubscribeAsync("Two");
        await AddAsync(3);

        await Outbox.AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["One"] = 3, ["Two"] = 1 });
        var rest = Outbox.Read(0, 10).Select(entry => entry.Sequence).ToList();
        await Outbox.AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["One"] = 2, ["Two"] = 3 });
        var depth = await Outbox.DepthAsync(CancellationToken.None);
        await AddAsync(1);

        Assert.Multiple(async () =>
        {
            Assert.That(rest, Is.EqualTo([2, 3]));
            Assert.That(depth, Is.Zero);
            Assert.That(await Outbox.SubscribeAsync("One"), Is.EqualTo(3), "a cursor moves forwards only");
            Assert.That(Outbox.Read(0, 10).Select(entry => entry.Sequence), Is.EqualTo([4]));
            Assert.That(await Outbox.DepthAsync(CancellationToken.None), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_destination_that_comes_late_begins_with_the_oldest_entry_that_is_kept()
    {
        await Outbox.SubscribeAsync("One");
        await AddAsync(3);

        var kept = await Outbox.SubscribeAsync("Two");
        await Outbox.AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["One"] = 3, ["Two"] = 3 });
        var gone = await Outbox.SubscribeAsync("Three");

        Assert.That((kept, gone), Is.EqualTo((0L, 3L)), "else the relay would turn in circles");
        Assert.That(await Outbox.SubscribeAsync("Three"), Is.EqualTo(3));
    }

    /// <summary>Otherwise a reader could pass over an entry that is committed after one with a higher number.</summary>
    [Test]
    public async Task Entries_become_visible_in_the_order_of_their_numbers()
    {
        var isAdded = new TaskCompletionSource();
        var mayCommit = new TaskCompletionSource();
        var first = AddAsync([Entry()], async () =>
        {
            isAdded.SetResult();
            await mayCommit.Task;
        });
        await isAdded.Task;
        var second = Task.Run(() => AddAsync(1));

        // While the first transaction is open, the second one must not be visible: it waits.
        var ended = await Task.WhenAny(second, Task.Delay(TimeSpan.FromMilliseconds(300)));
        var meanwhile = Outbox.Read(0, 10);
        mayCommit.SetResult();
        await Task.WhenAll(first, second);

        Assert.Multiple(() =>
        {
            Assert.That(ended, Is.Not.SameAs(second));
            Assert.That(meanwhile, Is.Empty);
            Assert.That(Outbox.Read(0, 10).Select(entry => entry.Sequence), Is.EqualTo([1, 2]));
        });
    }

    [Test]
    public async Task A_commit_wakes_who_waits()
    {
        var waiting = Outbox.WaitAsync(0, CancellationToken.None);
        var before = waiting.IsCompleted;

        await AddAsync(1);

        Assert.That(before, Is.False);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static OutboxEntry Entry()
    {
        var id = Guid.CreateVersion7(Now);
        return MessageCodec.Encode(new PasswordChanged(id, "Ana", "ana@example.com", null, Now), id, Now);
    }

    private Task AddAsync(int count, Func<Task>? end = null) => AddAsync([.. Enumerable.Range(0, count).Select(_ => Entry())], end);

    private async Task AddAsync(OutboxEntry[] entries, Func<Task>? end = null)
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        await db.IsolatedAsync(
            async ct =>
            {
                await Outbox.AppendAsync(db, ct, entries);
                await (end?.Invoke() ?? Task.CompletedTask);
                return default(Done);
            },
            CancellationToken.None);
    }
}
