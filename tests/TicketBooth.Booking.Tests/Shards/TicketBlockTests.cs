using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using static TicketBooth.Booking.Tests.Shards.PurchaseLaneTests;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Staff take tickets off sale on one host while buyers order them on another.</summary>
internal abstract class TicketBlockTests : TwoLanesTests
{
    private static readonly Actor Ana = new(Guid.CreateVersion7(), "Ana");

    [Test]
    public async Task Of_many_buyers_and_staff_who_want_one_ticket_at_two_hosts_one_gets_it()
    {
        var sale = await PublishAsync(1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var lane = i % 2 == 0 ? Here : Elsewhere;
            return i % 3 == 0 ? (await lane.TryAsync(Hold(sale, "1"))).Error : (await lane.TryAsync(Bench.Place(sale, [1]))).Error;
        })));

        Assert.That(outcomes.Count(error => error is null), Is.EqualTo(1));
        Assert.That(outcomes.OfType<Error>().Select(error => error.Code), Is.All.EqualTo("ticket-taken").Or.EqualTo("tickets-unavailable"));
        await AssertSoundAsync(claims: 1);
    }

    [Test]
    public async Task Staff_do_not_get_a_ticket_that_another_host_has_just_sold()
    {
        var sale = await PublishAsync(3);

        Assert.That((await SellBehindTheBackOfStaffAsync(sale)).Error!.Code, Is.EqualTo("tickets-unavailable"));
        await AssertSoundAsync(claims: 1);
    }

    [Test]
    public async Task Without_the_unique_index_they_would()
    {
        var sale = await PublishAsync(3);
        await DropClaimsAsync();

        Assert.That((await SellBehindTheBackOfStaffAsync(sale)).Error, Is.Null, "this is what the index is there for");
    }

    [Test]
    public async Task A_buyer_at_another_host_does_not_get_a_ticket_that_is_off_sale()
    {
        var sale = await PublishAsync(3);
        await Elsewhere.TryAsync(Bench.Place(sale, [3]));

        await Here.TryAsync(Hold(sale, "1"));

        Assert.That(Text(await Elsewhere.TryAsync(Bench.Place(sale, [1]))), Is.EqualTo("ticket-taken"));
        Assert.That(Text(await Elsewhere.TryAsync(Bench.Place(sale, null))), Is.EqualTo("2"), "best available passes it over");
        Assert.That(Text(await Elsewhere.TryAsync(Bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"), "the event is sold out");
    }

    [Test]
    public async Task What_one_host_releases_every_host_sells_and_what_is_withdrawn_none()
    {
        var sale = await PublishAsync(4);
        var held = (await Here.TryAsync(Hold(sale, "1-2"))).Value;
        var withdrawn = (await Here.TryAsync(Hold(sale, "3-4", kind: TicketBlockKind.Kill))).Value;
        Assert.That(Text(await Elsewhere.TryAsync(Bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"));

        Assert.That((await Here.TryAsync(new ReleaseBlockItem(withdrawn.Id, Ana))).Error, Is.EqualTo(BookingErrors.TicketsWithdrawn));
        var first = await Here.TryAsync(new ReleaseBlockItem(held.Id, Ana));
        var again = await Elsewhere.TryAsync(new ReleaseBlockItem(held.Id, new Actor(Ana.Id, "Rui")));

        Assert.That((first.Value.Revision, again.Value.ReleasedBy), Is.EqualTo((2, Ana)), "releasing twice changes nothing");
        Assert.That(Text(await Elsewhere.TryAsync(Bench.Place(sale, null, 2))), Is.EqualTo("1,2"));
        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"));
        await AssertSoundAsync(claims: 4);
    }

    [Test]
    public async Task A_request_that_meets_a_sold_ticket_is_refused_by_its_name_and_changes_nothing()
    {
        var sale = await PublishAsync(6);
        await Here.TryAsync(Bench.Place(sale, [3]));
        await Here.TryAsync(Hold(sale, "5"));

        var refused = (await Elsewhere.TryAsync(Hold(sale, "1-6"))).Error!;

        Assert.That(refused.IdLists!["ids"], Is.EqualTo(new[] { TaggedId.Of(sale.Id, 3), TaggedId.Of(sale.Id, 5) }));
        Assert.That(refused.Detail, Does.Contain("3, 5"));
        await AssertSoundAsync(claims: 2);
        Assert.That((await Store.Blocks.PageAsync(after: null, 10)).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task So_many_tickets_of_a_tier_are_neighbours_or_the_answer_says_how_many_there_are()
    {
        var sale = await PublishAsync(6, 10);
        var tier = sale.TiersByPrice[0].Id;
        await Here.TryAsync(Bench.Place(sale, [2]));

        var block = await Elsewhere.TryAsync(Hold(sale, null, tier, 3));
        var refused = await Here.TryAsync(Hold(sale, null, tier, 3));

        Assert.That(block.Value.Numbers, Is.EqualTo(new[] { 3, 4, 5 }));
        Assert.That((refused.Error!.Code, refused.Error.Figures!["available"]), Is.EqualTo(("not-enough-tickets", 2L)));
    }

    [Test]
    public async Task A_hold_of_a_buyer_that_is_over_is_no_hindrance_and_its_late_money_goes_back()
    {
        var sale = await PublishAsync(1);
        var order = (await Here.TryAsync(Bench.Place(sale, [1]))).Value;
        Bench.Clock.Advance(Bench.Options.Hold);

        Assert.That((await Elsewhere.TryAsync(Hold(sale, "1"))).Error, Is.Null);
        var late = await Here.RunAsync(Confirm(order.Id, Bench.NewId()), CancellationToken.None);

        Assert.That(late.Value.Status, Is.EqualTo(OrderStatus.Expired));
        Assert.That(Store.Written.Last().Change.Events.OfType<RefundDue>().Single().Reason, Is.EqualTo("tickets-gone"));
        await AssertSoundAsync(claims: 1);
    }

    [Test]
    public async Task The_same_request_again_is_the_same_block_also_after_its_tickets_were_released()
    {
        var sale = await PublishAsync(2);
        var id = TaggedId.New(Bench.Clock.GetUtcNow(), sale.Shard);

        var first = await Here.TryAsync(Hold(sale, "1-2", id: id));
        var again = await Elsewhere.TryAsync(Hold(sale, "1-2", id: id));
        await Here.TryAsync(new ReleaseBlockItem(id, Ana));
        var late = await Elsewhere.TryAsync(Hold(sale, "1-2", id: id));

        Assert.That(again.Value.ToView(), Is.EqualTo(first.Value.ToView()));
        Assert.That(late.Value.IsReleased, Is.True);
        await AssertSoundAsync(claims: 0);
    }

    [Test]
    public async Task Orders_are_read_as_if_there_were_no_blocks()
    {
        var sale = await PublishAsync(4);
        var block = (await Here.TryAsync(Hold(sale, "1-2"))).Value;
        var order = (await Here.TryAsync(Bench.Place(sale, [3]))).Value;

        Assert.That((await Store.PageAsync(after: null, 10)).Select(found => found.Id), Is.EqualTo(new[] { order.Id }));
        Assert.That((await Store.ActiveOfEventAsync(sale.Id, after: null, 10)).Select(found => found.Id), Is.EqualTo(new[] { order.Id }));
        Assert.That(await Store.LoadAsync([block.Id]), Is.Empty);
        Assert.That(await Store.HoldersAsync([TaggedId.Of(sale.Id, 1)]), Is.Empty);
        Assert.That(await Store.Blocks.BlockedAsync([TaggedId.Of(sale.Id, 1), TaggedId.Of(sale.Id, 3)]), Is.EquivalentTo(new[] { TaggedId.Of(sale.Id, 1) }));
        Assert.That((await Store.Blocks.OfEventAsync(sale.Id, before: null, 10)).Single().ToView(), Is.EqualTo(block.ToView()));
        Assert.That(await Store.Blocks.FindAsync(order.Id), Is.Null);
        Assert.That(await Store.WithPendingMessagesAsync([block.Id, order.Id]), Is.EquivalentTo(new[] { block.Id, order.Id }));
    }

    private static BlockTicketsItem Hold(
        EventOnSale sale, string? numbers, Guid? tier = null, int quantity = 0, TicketBlockKind kind = TicketBlockKind.Hold, Guid? id = null) =>
        new(
            new TicketBlock
            {
                Id = id ?? TaggedId.New(Support.BookingBench.Start, sale.Shard),
                EventId = sale.Id,
                Kind = kind,
                Tickets = numbers is null ? [] : TicketNumbers.Parse(numbers)!,
                Reason = "A camera stands there.",
                By = Ana,
                At = Support.BookingBench.Start,
            },
            tier,
            quantity);

    /// <summary>One host has read which tickets are taken; another sells ticket 1; then staff want it at the first.</summary>
    private async Task<Result<TicketBlock>> SellBehindTheBackOfStaffAsync(EventOnSale sale)
    {
        var refused = await Elsewhere.TryAsync(Hold(sale, null, sale.TiersByPrice[0].Id, 99));
        Assert.That(refused.Error?.Code, Is.EqualTo("not-enough-tickets"));
        Assert.That((await Here.TryAsync(Bench.Place(sale, [1]))).IsSuccess, Is.True);
        return await Elsewhere.TryAsync(Hold(sale, "1"));
    }

    private async Task AssertSoundAsync(long claims) => Assert.That(await Store.CountClaimsAsync(), Is.EqualTo((0L, 0L, claims)));
}

[TestFixture]
internal sealed class TicketBlocksInSqliteTests : TicketBlockTests
{
    protected override TestedStore NewStore() => new SqliteUnderTest();
}

[TestFixture]
internal sealed class TicketBlocksInMongoTests : TicketBlockTests
{
    protected override TestedStore NewStore() => new MongoUnderTest();
}
