using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage.Sqlite;
using TicketBooth.Events.Tests.Storage;

namespace TicketBooth.Events.Tests.Managing;

/// <summary>What becomes of a decision when another change comes in between.</summary>
[TestFixture]
internal sealed class EventWriterTests
{
    private FakeTimeProvider clock = null!;
    private TestStorage storage = null!;
    private TestStores stores = null!;
    private CountingStore events = null!;
    private ServiceProvider services = null!;
    private ReadCache cache = null!;
    private EventWriter writer = null!;

    [SetUp]
    public void Make()
    {
        clock = new FakeTimeProvider(Sample.Now);
        storage = new TestStorage();
        stores = TestStores.In(storage.Storage);
        events = new CountingStore(stores.Events, stores.Tickets);
        services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        cache = new ReadCache(clock, services.GetRequiredService<IMeterFactory>());
        writer = new EventWriter(events, cache, new PriceMetrics(services.GetRequiredService<IMeterFactory>()), clock);
    }

    [TearDown]
    public async Task Drop()
    {
        cache.Dispose();
        await services.DisposeAsync();
        await storage.DisposeAsync();
    }

    [Test]
    public async Task After_a_conflict_decides_again_on_the_event_and_the_time_as_they_are_then()
    {
        var shown = await AddedAsync(Sample.Published());
        events.BeforeReplace = () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return stores.Events.ReplaceAsync(shown.Adjust(10, Sample.Now).Value, message: null);
        };
        var decisions = new List<(long Version, DateTimeOffset At)>();

        var changed = await writer.ChangeAsync(shown.Id, (current, now) =>
        {
            decisions.Add((current.Version, now));
            return Adjusted(current, 10, now);
        });

        Assert.That(decisions, Is.EqualTo(new[] { (shown.Version, Sample.Now), (shown.Version + 1, Sample.Now.AddSeconds(1)) }));
        Assert.That((changed.Value.Before.Version, changed.Value.After.Version), Is.EqualTo((shown.Version + 1, shown.Version + 2)));
        Assert.That((await stores.Events.FindAsync(shown.Id))!.Tiers[0].Price, Is.EqualTo(12_100));
        Assert.That(await stores.Prices.PriceChangesAsync(shown.Id, tierId: null, after: null, limit: 10), Is.EqualTo(changed.Value.Prices), "nothing of the first decision");
        Assert.That(Messages(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_decision_that_changes_nothing_or_fails_writes_nothing()
    {
        var shown = await AddedAsync(Sample.Published());
        events.BeforeReplace = () => throw new InvalidOperationException("It must not write.");

        var unchanged = await writer.ChangeAsync(shown.Id, (current, now) => EventChange.Of(current, current, now, new EventChanged(current.Id, 1, now)));
        var failed = await writer.ChangeAsync(shown.Id, (_, _) => EventsErrors.Ended);
        var unknown = await writer.ChangeAsync(Sample.NewId(), (_, _) => throw new InvalidOperationException("There is nothing to decide on."));

        Assert.That((unchanged.Value.IsChange, unchanged.Value.Messages), Is.EqualTo((false, Array.Empty<IIntegrationEvent>())));
        Assert.That((failed.Error, unknown.Error), Is.EqualTo((EventsErrors.Ended, EventsErrors.NotFound)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_edit_goes_on_when_only_prices_moved_in_between(bool namesItsRevision)
    {
        var shown = await AddedAsync(Sample.Published());
        events.BeforeReplace = () => stores.Events.ReplaceAsync(shown.Adjust(10, Sample.Now).Value, message: null);

        var edited = await EditAsync(shown, namesItsRevision ? shown.Revision : null);

        Assert.That((edited.Value.After.Version, edited.Value.After.Revision), Is.EqualTo((shown.Version + 2, shown.Revision + 1)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_edit_is_refused_when_another_edit_came_in_between(bool namesItsRevision)
    {
        var shown = await AddedAsync(Sample.Published());
        events.BeforeReplace = () => stores.Events.ReplaceAsync(shown.Edit(Sample.FormOf(shown) with { Name = "First" }, Sample.Now).Value, message: null);

        var edited = await EditAsync(shown, namesItsRevision ? shown.Revision : null);

        Assert.That(edited.Error, Is.EqualTo(EventsErrors.Changed));
        Assert.That((await stores.Events.FindAsync(shown.Id))!.Name, Is.EqualTo("First"));
        Assert.That(Messages(), Is.Zero);
    }

    [Test]
    public async Task A_change_is_dated_when_it_is_written_and_not_before_it_waited()
    {
        var shown = await AddedAsync(Sample.Published());
        var reached = new TaskCompletionSource();
        using var gate = new ManualResetEventSlim();
        var busy = new SqliteEventsDatabase(storage.Storage).WriteAsync(_ =>
        {
            reached.SetResult();
            gate.Wait();
        });
        await reached.Task;

        var changing = writer.ChangeAsync(shown.Id, (current, now) => Adjusted(current, 10, now));
        clock.Advance(TimeSpan.FromMinutes(1));
        gate.Set();
        await busy;

        Assert.That((await changing).Value.At, Is.EqualTo(Sample.Now.AddMinutes(1)));
        Assert.That((await HistoryAsync(shown)).Single().At, Is.EqualTo(Sample.Now.AddMinutes(1)));
    }

    [Test]
    public async Task A_clock_that_steps_back_dates_no_change_before_the_last_one()
    {
        var shown = await AddedAsync(Sample.Published());
        await writer.ChangeAsync(shown.Id, (current, now) => Adjusted(current, 10, now));

        clock.AdjustTime(Sample.Now.AddMinutes(-5));
        var second = await writer.ChangeAsync(shown.Id, (current, now) => Adjusted(current, 10, now));

        Assert.That(second.Value.At, Is.EqualTo(Sample.Now));
        Assert.That((await HistoryAsync(shown)).Select(change => change.At), Is.All.EqualTo(Sample.Now));
    }

    [Test]
    public async Task A_clock_that_steps_back_dates_no_change_before_an_order_that_is_known()
    {
        var shown = await AddedAsync(Sample.Published());
        var ordered = Sample.Now.AddMinutes(20);
        await stores.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1) with { At = ordered });

        clock.AdjustTime(Sample.Now.AddHours(-1));
        var changed = await writer.ChangeAsync(shown.Id, (current, now) => Adjusted(current, 10, now));

        Assert.That(changed.Value.At, Is.EqualTo(ordered));
        Assert.That((await HistoryAsync(shown)).Select(change => change.At), Is.All.EqualTo(ordered));
    }

    [Test]
    public async Task An_operation_that_comes_again_after_others_changes_nothing()
    {
        var shown = await AddedAsync(Sample.Published());
        var (first, other) = (Sample.NewId(), Sample.NewId());
        foreach (var operation in new Guid?[] { first, other, null })
        {
            await writer.ChangeAsync(shown.Id, operation, (current, now) => Adjusted(current, 10, now));
        }

        // Whatever it asks for now: it has been done.
        var again = await writer.ChangeAsync(shown.Id, first, revision: 99, (_, _) => EventsErrors.Ended);

        Assert.That((again.Value.IsChange, again.Value.After.Tiers[0].Price), Is.EqualTo((false, 13_300)));
        Assert.That((await stores.Events.FindAsync(shown.Id))!.Operations, Is.EqualTo(new[] { first, other }));
    }

    [Test]
    public async Task An_event_remembers_so_many_operations_and_forgets_the_oldest()
    {
        var shown = await AddedAsync(Sample.Published());
        var operations = Enumerable.Range(0, Event.MostOperations + 1).Select(_ => Sample.NewId()).ToList();
        foreach (var operation in operations)
        {
            await writer.ChangeAsync(shown.Id, operation, (current, now) => Adjusted(current, operations.IndexOf(operation) % 2 == 0 ? 10 : -10, now));
        }

        Assert.That((await stores.Events.FindAsync(shown.Id))!.Operations, Is.EqualTo(operations.Skip(1)));
    }

    private Task<IReadOnlyList<PriceChange>> HistoryAsync(Event shown) =>
        stores.Prices.PriceChangesAsync(shown.Id, tierId: null, after: null, limit: 10);

    private static Result<EventChange> Adjusted(Event current, decimal percentage, DateTimeOffset now) =>
        current.Adjust(percentage, now).Map(adjusted => EventChange.Of(current, adjusted, now, new PriceCause(PriceChangeReason.Adjusted)));

    private Task<Result<EventChange>> EditAsync(Event shown, long? revision) => writer.EditAsync(shown.Id, revision, (current, now) => current
        .Edit(Sample.FormOf(shown) with { Name = "Second" }, now)
        .Map(edited => EventChange.Of(current, edited, now, new EventChanged(edited.Id, edited.Revision, now))));

    private async Task<Event> AddedAsync(Event made)
    {
        await stores.Events.AddAsync(made);
        return made;
    }

    private int Messages() => ((IOutboxSource)stores.Events.Outbox).Read(0, 10).Count;
}
