using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Storage;

/// <summary>What every <see cref="IShiftStore"/> keeps. The race shows that it can be lost when the index is gone.</summary>
internal abstract class ShiftStoreContract
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;

    private readonly Actor clerk = new(SampleOrder.NewId(), "Ana");

    private IShiftStore store = null!;

    protected abstract Task<IShiftStore> OpenAsync();

    /// <summary>Takes away the index that gives a clerk one open shift.</summary>
    protected abstract Task DropOpenAsync();

    protected abstract Task ClearAsync();

    [SetUp]
    public async Task OpenTheStoreAsync() => store = await OpenAsync();

    [TearDown]
    public Task CleanUpAsync() => ClearAsync();

    [Test]
    public async Task Gives_back_a_shift_as_it_was_written()
    {
        var shift = NewShift(clerk);
        Assert.That(await store.AddAsync(shift), Is.True);
        AssertSame(await store.FindAsync(shift.Id), shift);
        AssertSame(await store.FindOpenAsync(clerk.Id), shift);

        var closed = shift with
        {
            Announced = [new AnnouncedEntry(SampleOrder.NewId(), SampleOrder.NewId(), Now.AddTicks(7))],
            Moves = [new CashMove(SampleOrder.NewId(), -5_000, "Into the safe", clerk, Now.AddTicks(9))],
            Close = new ShiftClose(Now.AddHours(8), 14_900, 15_000, "One coin short.", clerk),
            Version = 2,
        };
        Assert.That(await store.ReplaceAsync(closed), Is.True);
        AssertSame(await store.FindAsync(shift.Id), closed);
        Assert.That(await store.FindOpenAsync(clerk.Id), Is.Null);
        Assert.That(await store.FindAsync(SampleOrder.NewId()), Is.Null);
    }

    [Test]
    public async Task Of_two_changes_of_one_version_one_is_written()
    {
        var shift = NewShift(clerk);
        await store.AddAsync(shift);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => store.ReplaceAsync(shift with { Float = i, Version = 2 }))));

        Assert.That(outcomes.Count(isWritten => isWritten), Is.EqualTo(1));
    }

    [Test]
    public async Task A_clerk_has_one_open_shift_however_many_are_opened_at_once()
    {
        Assert.That(await OpenManyAsync(), Is.EqualTo(1));

        var open = (await store.FindOpenAsync(clerk.Id))!;
        await store.ReplaceAsync(open with { Close = new ShiftClose(Now, 0, 0, null, clerk), Version = 2 });
        Assert.That(await OpenManyAsync(), Is.EqualTo(1), "the next one");
        Assert.That(await store.AddAsync(NewShift(new Actor(SampleOrder.NewId(), "Rui"))), Is.True, "another clerk's");
    }

    [Test]
    public async Task Without_the_index_a_clerk_would_have_many()
    {
        await DropOpenAsync();

        Assert.That(await OpenManyAsync(), Is.GreaterThan(1));
    }

    [Test]
    public async Task Lists_the_newest_first_by_clerk_by_time_and_by_state()
    {
        var other = new Actor(SampleOrder.NewId(), "Rui");
        var (first, second, third) = (NewShift(clerk), NewShift(other, Now.AddHours(1)), NewShift(other, Now.AddHours(2)));
        await store.AddAsync(first);
        await store.AddAsync(second);
        await store.ReplaceAsync(second with { Close = new ShiftClose(Now.AddHours(2), 0, 0, null, other), Version = 2 });
        await store.AddAsync(third);

        Assert.That(await ListAsync(new ShiftFilter()), Is.EqualTo(new[] { third.Id, second.Id, first.Id }));
        Assert.That(await ListAsync(new ShiftFilter(), limit: 2), Is.EqualTo(new[] { third.Id, second.Id }));
        Assert.That(await ListAsync(new ShiftFilter(Before: (second.OpenedAt, second.Id))), Is.EqualTo(new[] { first.Id }));
        Assert.That(await ListAsync(new ShiftFilter(other.Id)), Is.EqualTo(new[] { third.Id, second.Id }));
        Assert.That(await ListAsync(new ShiftFilter(From: Now.AddHours(1), To: Now.AddHours(2))), Is.EqualTo(new[] { second.Id }));
        Assert.That(await ListAsync(new ShiftFilter(IsOpen: true)), Is.EqualTo(new[] { third.Id, first.Id }));
        Assert.That(await ListAsync(new ShiftFilter(IsOpen: false)), Is.EqualTo(new[] { second.Id }));
    }

    [Test]
    public async Task Keeps_how_many_tickets_of_an_event_may_be_given_away()
    {
        var (shows, other) = (SampleOrder.NewId(), SampleOrder.NewId());
        Assert.That(await store.AllowanceAsync(shows), Is.Zero);
        await store.AllowAsync(shows, 20);
        await store.AllowAsync(shows, 10);

        Assert.That((await store.AllowanceAsync(shows), await store.AllowanceAsync(other)), Is.EqualTo((10, 0)));
    }

    private static Shift NewShift(Actor clerk, DateTimeOffset? at = null) => new(SampleOrder.NewId(), clerk, "BRL", 20_000, at ?? Now);

    private static void AssertSame(Shift? found, Shift written)
    {
        Assert.That(found!.Announced, Is.EqualTo(written.Announced));
        Assert.That(found.Moves, Is.EqualTo(written.Moves));
        Assert.That(found with { Announced = written.Announced, Moves = written.Moves }, Is.EqualTo(written));
    }

    private async Task<int> OpenManyAsync() =>
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.AddAsync(NewShift(clerk)))))).Count(isOpened => isOpened);

    private async Task<IEnumerable<Guid>> ListAsync(ShiftFilter filter, int limit = 10) => (await store.ListAsync(filter, limit)).Select(shift => shift.Id);
}

[TestFixture]
internal sealed class SqliteShiftStoreTests : ShiftStoreContract
{
    private readonly StorageFolder folder = new();

    protected override Task<IShiftStore> OpenAsync() =>
        Task.FromResult<IShiftStore>(new SqliteShiftStore(folder.Open().Open("booking", SqliteBookingDirectory.Schema)));

    protected override Task DropOpenAsync() =>
        folder.Open().Open("booking", SqliteBookingDirectory.Schema).WriteAsync(session => session.Execute("DROP INDEX shifts_open"));

    protected override async Task ClearAsync()
    {
        await folder.CloseAsync();
        folder.Dispose();
    }
}

[TestFixture]
internal sealed class MongoShiftStoreTests : ShiftStoreContract
{
    private MongoFolder folder = null!;

    protected override async Task<IShiftStore> OpenAsync() => await (folder = new MongoFolder()).OpenShiftsAsync();

    protected override Task DropOpenAsync() => folder.Shifts.Indexes.DropOneAsync("one_open");

    protected override async Task ClearAsync() => await folder.DisposeAsync();
}
