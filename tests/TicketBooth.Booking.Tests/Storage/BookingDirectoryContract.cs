using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Storage;

/// <summary>What every <see cref="IBookingDirectory"/> keeps. A subclass says where the directory is.</summary>
internal abstract class BookingDirectoryContract
{
    // Not yet: a server that forgets keys by itself looks at its own clock.
    private static readonly DateTimeOffset Now = SampleOrder.Now.AddYears(100);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly Guid buyer = SampleOrder.NewId();

    private IBookingDirectory directory = null!;

    /// <summary>Opens the directory: an empty one the first time in a test, after that the same data again.</summary>
    protected abstract Task<IBookingDirectory> OpenAsync();

    /// <summary>Closes what was opened, as the end of a process would.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Throws away what the test wrote; it is closed.</summary>
    protected abstract Task ClearAsync();

    [SetUp]
    public async Task OpenTheDirectoryAsync() => directory = await OpenAsync();

    [Test]
    public async Task An_event_stays_on_its_shard()
    {
        var shows = SampleOrder.NewId();
        var shard = await directory.AssignAsync(shows, large: false);
        await directory.AssignAsync(SampleOrder.NewId(), large: true);

        Assert.That(await directory.AssignAsync(shows, large: true), Is.EqualTo(shard));
        await CloseAsync();
        directory = await OpenAsync();
        Assert.That(await directory.AssignAsync(shows, large: false), Is.EqualTo(shard));
        Assert.That(shard, Is.GreaterThan(0));
    }

    [Test]
    public async Task Fifty_events_share_a_shard()
    {
        var shards = new List<ushort>();
        for (var i = 0; i < 101; i++)
        {
            shards.Add(await directory.AssignAsync(SampleOrder.NewId(), large: false));
        }

        Assert.That(shards.GroupBy(shard => shard).Select(group => group.Count()), Is.EqualTo(new[] { 50, 50, 1 }));
        Assert.That(await directory.ShardsAsync(), Is.EqualTo(shards.Distinct()));
        Assert.That(await directory.ShardsAsync(), Is.Ordered);
    }

    [Test]
    public async Task A_large_event_shares_its_shard_with_nobody()
    {
        var before = await directory.AssignAsync(SampleOrder.NewId(), large: false);
        var large = await directory.AssignAsync(SampleOrder.NewId(), large: true);
        var otherLarge = await directory.AssignAsync(SampleOrder.NewId(), large: true);
        var after = new HashSet<ushort>();
        for (var i = 0; i < 60; i++)
        {
            after.Add(await directory.AssignAsync(SampleOrder.NewId(), large: false));
        }

        Assert.That(new[] { before, large, otherLarge }, Is.Unique);
        Assert.That(after, Does.Contain(before));
        Assert.That(after, Does.Not.Contain(large).And.Not.Contain(otherLarge));
    }

    [Test]
    public async Task A_large_event_alone_opens_a_shard_for_the_others()
    {
        var large = await directory.AssignAsync(SampleOrder.NewId(), large: true);

        Assert.That(await directory.AssignAsync(SampleOrder.NewId(), large: false), Is.Not.EqualTo(large));
    }

    [Test]
    public async Task Those_who_ask_at_once_get_one_answer()
    {
        var shows = Enumerable.Range(0, 20).Select(_ => SampleOrder.NewId()).ToList();

        var answers = await Crowd.CallAsync(200, async caller =>
        {
            var shown = shows[caller % shows.Count];
            return (Event: shown, Shard: await directory.AssignAsync(shown, large: caller % 2 == 0));
        });

        Assert.That(answers.Distinct().Count(), Is.EqualTo(shows.Count));
    }

    [Test]
    public async Task A_key_stands_for_its_first_request()
    {
        var first = new KeyReservation(SampleOrder.NewId(), "A", Now);

        Assert.That(await ReserveAsync(first), Is.EqualTo(first));
        Assert.That(await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now.AddHours(1))), Is.EqualTo(first));
        Assert.That(await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "B", Now.AddHours(1))), Is.EqualTo(first));
        Assert.That((await directory.ReserveAsync(SampleOrder.NewId(), "key", first with { BodyHash = "C" }, Now - Day)).BodyHash, Is.EqualTo("C"), "another buyer's");
        Assert.That((await directory.ReserveAsync(buyer, "KEY", first with { BodyHash = "D" }, Now - Day)).BodyHash, Is.EqualTo("D"), "another key");
    }

    [Test]
    public async Task A_key_that_many_reserve_at_once_stands_for_one_of_them()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now)))));

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_key_is_found_without_reserving_it()
    {
        Assert.That(await directory.FindReservationAsync(buyer, "key", Now - Day), Is.Null);
        var first = await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now));

        Assert.That(await directory.FindReservationAsync(buyer, "key", Now), Is.EqualTo(first));
        Assert.That(await directory.FindReservationAsync(buyer, "key", Now.AddTicks(1)), Is.Null, "forgotten");
        Assert.That(await directory.FindReservationAsync(SampleOrder.NewId(), "key", Now - Day), Is.Null, "another buyer's");
    }

    [Test]
    public async Task A_refusal_is_remembered()
    {
        var first = await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now));
        await directory.RefuseAsync(buyer, "key", "ticket-taken");

        await CloseAsync();
        directory = await OpenAsync();

        Assert.That(await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now)), Is.EqualTo(first with { RefusedWith = "ticket-taken" }));
    }

    [Test]
    public async Task A_key_is_free_again_after_a_day()
    {
        await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now));
        await directory.RefuseAsync(buyer, "key", "ticket-taken");
        var later = new KeyReservation(SampleOrder.NewId(), "B", Now + Day);

        Assert.That((await directory.ReserveAsync(buyer, "key", later, later.At - Day)).BodyHash, Is.EqualTo("A"), "at the last moment");
        later = later with { At = later.At.AddTicks(1) };
        Assert.That(await directory.ReserveAsync(buyer, "key", later, later.At - Day), Is.EqualTo(later));
    }

    [Test]
    public async Task Forgets_old_keys_alone()
    {
        await ReserveAsync(new KeyReservation(SampleOrder.NewId(), "A", Now));
        await directory.ReserveAsync(buyer, "newer", new KeyReservation(SampleOrder.NewId(), "B", Now.AddHours(1)), Now - Day);

        await directory.ForgetKeysAsync(before: Now.AddMinutes(1));

        Assert.That(await directory.FindReservationAsync(buyer, "key", DateTimeOffset.MinValue), Is.Null);
        Assert.That(await directory.FindReservationAsync(buyer, "newer", DateTimeOffset.MinValue), Is.Not.Null);
    }

    [TearDown]
    public async Task CloseTheDirectoryAsync()
    {
        await CloseAsync();
        await ClearAsync();
    }

    private Task<KeyReservation> ReserveAsync(KeyReservation reservation) => directory.ReserveAsync(buyer, "key", reservation, reservation.At - Day);
}
