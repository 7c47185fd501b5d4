using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

/// <summary>A module that takes messages by the page.</summary>
public sealed class PageDeliveryTests
{
    private TempFolder folder = null!;
    private FakeTimeProvider clock = null!;
    private Script script = null!;

    private IEnumerable<Tick> Came => script.CameInPages.SelectMany(page => page);

    [SetUp]
    public void Prepare()
    {
        folder = new TempFolder();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        script = new Script();
    }

    [TearDown]
    public void CleanUp() => folder.Dispose();

    [Test]
    public async Task A_page_is_one_batch_in_the_order_of_its_messages()
    {
        await using var host = await StartAsync();
        var messages = Ticks(OutboxRelay.PageSize + 1);

        await host.PublishAsync(messages);

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work");
        Assert.That(Came, Is.EqualTo(messages));
        Assert.That(script.CameInPages, Has.Count.EqualTo(2));
        Assert.That(script.CameToFirst, Is.EquivalentTo(messages), "the others get each by itself");
    }

    [Test]
    public async Task What_cannot_be_applied_is_found_by_halving_and_only_that_is_a_dead_letter()
    {
        await using var host = await StartAsync();
        script.Pages = async (page, _) =>
        {
            Refuse(page, 37, 38, 170);
            await host.StoreOnceAsync(page);
        };

        await host.PublishAsync(Ticks(200));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(host.Effects("Pages"), Is.EquivalentTo(Enumerable.Range(1, 200).Except([37, 38, 170])));
        var letters = await host.DeadLetters.ListAsync(10);
        Assert.That(letters.Select(letter => letter.Reason), Is.All.EqualTo("InvalidOperationException: cannot make sense of it"));
        Assert.That(letters.Select(letter => letter.Entry.Read<Tick>().Number), Is.EquivalentTo([37, 38, 170]));
        Assert.That(script.CameInPages.Count(page => page.Count > 1), Is.LessThan(3 * 2 * 8), "three times down eight levels at most");
    }

    [Test]
    public async Task What_comes_behind_a_message_that_fails_waits_for_its_end()
    {
        await using var host = await StartAsync();
        var (key, other) = (NewKey(), NewKey());
        var failures = 0;
        script.Pages = async (page, _) =>
        {
            if (page.Any(tick => tick.Number == 2) && Interlocked.Increment(ref failures) < 8)
            {
                throw new InvalidOperationException("not yet");
            }

            await host.StoreOnceAsync(page);
        };

        await host.PublishAsync(new Tick(key, 1), new Tick(key, 2), new Tick(other, 10), new Tick(key, 3), new Tick(other, 11));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(host.Effects("Pages"), Is.EqualTo([1, 10, 11, 2, 3]));
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_body_that_is_no_message_stops_no_other()
    {
        await using var host = await StartAsync();
        var entries = Ticks(20).ConvertAll(tick => MessageCodec.Encode(tick, tick.Key, clock.GetUtcNow()));
        entries[7] = entries[7] with { Body = Encoding.UTF8.GetBytes("{\"number\":") };

        await host.Database.WriteAsync(session => entries.ForEach(entry => SqliteOutbox.Append(session, entry)));
        host.Outbox.Signal();

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(Came.Select(tick => tick.Number).Distinct(), Is.EqualTo(Enumerable.Range(1, 20).Except([8])));
        Assert.That((await host.DeadLetters.ListAsync(10)).Select(letter => letter.Module), Is.EquivalentTo(["First", "Second", "Pages"]));
    }

    [Test]
    public async Task A_store_that_is_down_is_waited_for_and_no_message_is_to_blame()
    {
        await using var host = await StartAsync();
        var outage = 5;
        script.Pages = (_, _) =>
            Interlocked.Decrement(ref outage) >= 0 ? throw new SqliteException("the store is down", SQLitePCL.raw.SQLITE_FULL) : Task.CompletedTask;

        await host.PublishAsync(Ticks(50));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(script.CameInPages.Select(page => page.Count), Is.All.EqualTo(50), "nothing was halved");
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_page_that_was_applied_and_not_acknowledged_comes_again_and_has_its_effect_once()
    {
        var applied = new TaskCompletionSource();
        await using (var host = await StartAsync())
        {
            script.Pages = async (page, cancellationToken) =>
            {
                await host.StoreOnceAsync(page);
                applied.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            };
            await host.PublishAsync(Ticks(30));
            await applied.Task.WithinDeadlineAsync();
        }

        await using var again = await StartAsync();
        script.Pages = (page, _) => again.StoreOnceAsync(page);

        await Soon.Async(() => again.Undelivered() == 0, "an outbox without work");
        Assert.That(again.Effects("Pages"), Is.EqualTo(Enumerable.Range(1, 30)));
        Assert.That(Came.Count(), Is.GreaterThanOrEqualTo(60), "it came twice");
        Assert.That(await again.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_dead_letter_of_a_page_is_replayed_by_itself()
    {
        await using var host = await StartAsync();
        script.Pages = (page, _) =>
        {
            Refuse(page, 3);
            return Task.CompletedTask;
        };
        await host.PublishAsync(Ticks(9));
        await Soon.Async(async () => await host.DeadLetters.CountAsync() == 1, "a dead letter", PassTime);

        script.Pages = (_, _) => Task.CompletedTask;
        script.CameInPages.Clear();
        await host.Modules.ReplayAsync((await host.DeadLetters.ListAsync(1)).Single(), CancellationToken.None);

        Assert.That(Came.Select(tick => tick.Number), Is.EqualTo([3]));
    }

    private static void Refuse(IReadOnlyList<Tick> page, params int[] numbers)
    {
        if (page.Any(tick => numbers.Contains(tick.Number)))
        {
            throw new InvalidOperationException("cannot make sense of it");
        }
    }

    private Task<RelayHost> StartAsync() => RelayHost.StartAsync(folder.Path, clock, script);

    private void PassTime() => clock.Advance(TimeSpan.FromSeconds(20));

    private Guid NewKey() => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Each about something else.</summary>
    private List<Tick> Ticks(int count) => [.. Enumerable.Range(1, count).Select(number => new Tick(NewKey(), number))];
}
