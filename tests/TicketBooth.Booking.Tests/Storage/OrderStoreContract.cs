using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Storage;

/// <summary>What every <see cref="IOrderStore"/> keeps. A subclass says where the store is.</summary>
internal abstract class OrderStoreContract
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;

    private static readonly IReadOnlyList<CounterEntry> None = [];

    private IOrderStore store = null!;

    /// <summary>Opens the shard: an empty one the first time in a test, after that the same data again.</summary>
    protected abstract Task<IOrderStore> OpenAsync();

    /// <summary>Closes what was opened, as the end of a process would.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Throws away what the test wrote; it is closed.</summary>
    protected abstract Task ClearAsync();

    [SetUp]
    public async Task OpenTheStoreAsync() => store = await OpenAsync();

    [Test]
    public async Task Gives_back_an_order_as_it_was_written()
    {
        var payment = SampleOrder.NewId();
        var placed = SampleOrder.Place(7, 8);
        var begun = PaymentRules.Begin(placed.After, placed.After.BuyerId, payment, Now.AddTicks(1), SampleOrder.Hold, SampleOrder.PaymentTime).Value;

        Assert.That(await WriteAsync(placed), Is.EqualTo(WriteOutcome.Written));
        AssertSame(await FindAsync(placed.After.Id), placed.After);

        Assert.That(await WriteAsync(begun), Is.EqualTo(WriteOutcome.Written));
        AssertSame(await FindAsync(placed.After.Id), begun.After);

        var refunded = PaymentRules.RecordRefund(begun.After, SampleOrder.NewId(), releasesTickets: true, Now);
        Assert.That(await WriteAsync(refunded), Is.EqualTo(WriteOutcome.Written));
        AssertSame(await FindAsync(placed.After.Id), refunded.After);
    }

    [Test]
    public async Task Gives_back_a_counter_sale_with_its_entries_and_lists_it_while_its_buyer_has_money_to_get()
    {
        var clerk = new Actor(SampleOrder.NewId(), "Ana");
        var placed = SampleOrder.Place(3, 4);
        var sale = new CounterSale(CounterMethod.Cash, clerk, Now.AddMinutes(15))
        {
            Tendered = 50_000,
            BuyerName = "Bia",
            Email = "bia@example.com",
            Language = "pt-BR",
        };
        var sold = CounterRules.Sell(placed, new CounterTerms(sale, SampleOrder.NewId(), Now), Now).Value;

        Assert.That(await WriteAsync(sold), Is.EqualTo(WriteOutcome.Written));
        AssertCounter(await FindAsync(placed.After.Id), sold.After);
        Assert.That(await store.OwedAtCounterAsync(after: null, 10), Is.Empty);

        var canceled = OrderRules.Cancel(sold.After, buyerId: null, default, "event-canceled", Now).Value;
        Assert.That(await WriteAsync(canceled), Is.EqualTo(WriteOutcome.Written));
        Assert.That((await store.OwedAtCounterAsync(after: null, 10)).Select(order => order.Id), Is.EqualTo(new[] { placed.After.Id }));
        Assert.That(await store.OwedAtCounterAsync(placed.After.Id, 10), Is.Empty);

        var terms = new PayBack(SampleOrder.NewId(), SampleOrder.NewId(), ShiftEntryKind.Refund, "Ill.", "R-1", clerk, IsAdmin: false) { NotAfter = Now };
        var paid = CounterRules.PayOwed((await FindAsync(placed.After.Id))!, terms, Now).Value;
        Assert.That(await WriteAsync(paid), Is.EqualTo(WriteOutcome.Written));
        Assert.That(await store.OwedAtCounterAsync(after: null, 10), Is.Empty);
        AssertCounter(await FindAsync(placed.After.Id), paid.After);

        static void AssertCounter(Order? found, Order written)
        {
            Assert.That(found!.Counter! with { Entries = None }, Is.EqualTo(written.Counter! with { Entries = None }));
            Assert.That(found.Counter.Entries, Is.EqualTo(written.Counter.Entries));
            Assert.That((found.Status, found.PaidAt, found.PaymentId), Is.EqualTo((written.Status, written.PaidAt, written.PaymentId)));
        }
    }

    [Test]
    public async Task Finds_a_counter_sale_by_the_address_until_its_buyer_is_forgotten()
    {
        var placed = SampleOrder.Place(7);
        var email = $"Bia.{placed.After.Id:N}@example.com";
        var sale = new CounterSale(CounterMethod.Cash, new Actor(SampleOrder.NewId(), "Ana"), Now.AddMinutes(15))
        {
            BuyerName = "Bia",
            Email = email,
            Language = "pt-BR",
        };
        var sold = CounterRules.Sell(placed, new CounterTerms(sale, SampleOrder.NewId(), Now), Now).Value;
        await WriteAsync(sold);
        await WriteAsync(SampleOrder.Place(8));

        var found = (await store.OfCounterEmailAsync(email.ToUpperInvariant())).Single();
        Assert.That(await WriteAsync(CounterRules.ForgetBuyer(found).Value), Is.EqualTo(WriteOutcome.Written));
        var left = (await FindAsync(placed.After.Id))!;

        Assert.Multiple(async () =>
        {
            Assert.That(found.Id, Is.EqualTo(placed.After.Id));
            Assert.That((left.Counter!.BuyerName, left.Counter.Email, left.Counter.Language), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
            Assert.That((left.Counter.Entries.Count, left.Status, left.Total, left.Revision), Is.EqualTo((sold.After.Counter!.Entries.Count, sold.After.Status, sold.After.Total, sold.After.Revision)));
            Assert.That(await store.OfCounterEmailAsync(email), Is.Empty);
            Assert.That(CounterRules.ForgetBuyer(left).Value.IsNothing, Is.True, "a repeated message changes nothing");
        });
    }

    [Test]
    public async Task Loads_those_orders_that_exist()
    {
        var (one, other) = (SampleOrder.Place(1), SampleOrder.Place(2));
        await WriteAllAsync(one, other);

        var loaded = await store.LoadAsync([other.After.Id, SampleOrder.NewId(), one.After.Id]);

        Assert.That(loaded.Select(order => order.Id), Is.EquivalentTo(new[] { one.After.Id, other.After.Id }));
    }

    [Test]
    public async Task A_ticket_has_one_holder()
    {
        var (first, second) = (SampleOrder.Place(1), SampleOrder.Place(1));

        Assert.That(await WriteAllAsync(first, second), Is.EqualTo(new[] { WriteOutcome.Written, WriteOutcome.TicketTaken }));
        Assert.That(await FindAsync(second.After.Id), Is.Null);
        Assert.That((await store.HoldersAsync([SampleOrder.Ticket(1).Id])).Select(order => order.Id), Is.EqualTo(new[] { first.After.Id }));
    }

    [Test]
    public async Task An_order_takes_all_its_tickets_or_none()
    {
        await WriteAsync(SampleOrder.Place(3));
        var wanted = SampleOrder.Place(1, 2, 3, 4);

        Assert.That(await WriteAsync(wanted), Is.EqualTo(WriteOutcome.TicketTaken));

        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EquivalentTo(new[] { 3 }));
        Assert.That(await store.WithPendingMessagesAsync([wanted.After.Id]), Is.Empty);
        Assert.That(await WriteAsync(SampleOrder.Place(1, 2, 4)), Is.EqualTo(WriteOutcome.Written));
        await AssertSoundAsync(claims: 4);
    }

    [Test]
    public async Task Each_write_of_a_batch_has_its_own_outcome()
    {
        var known = SampleOrder.Place(1);
        await WriteAsync(known);
        var canceled = Cancel(known.After);

        var outcomes = await WriteAllAsync(
            SampleOrder.Place(1, 5), SampleOrder.Place(5), canceled, canceled, known, SampleOrder.Place(1));

        Assert.That(outcomes, Is.EqualTo(new[]
        {
            WriteOutcome.TicketTaken, WriteOutcome.Written, WriteOutcome.Written, WriteOutcome.Stale, WriteOutcome.Stale, WriteOutcome.Written,
        }));
        await AssertSoundAsync(claims: 2);
    }

    [Test]
    public async Task A_later_write_of_a_batch_takes_what_an_earlier_one_frees()
    {
        var holder = SampleOrder.Place(1, 2);
        await WriteAsync(holder);
        var next = SampleOrder.Place(2, 3);

        Assert.That(await WriteAllAsync(Cancel(holder.After), next), Is.EqualTo(new[] { WriteOutcome.Written, WriteOutcome.Written }));
        Assert.That((await store.HoldersAsync([SampleOrder.Ticket(1).Id, SampleOrder.Ticket(2).Id])).Select(order => order.Id), Is.EqualTo(new[] { next.After.Id }));
    }

    [Test]
    public async Task An_earlier_write_of_a_batch_does_not_take_what_a_later_one_frees()
    {
        var holder = SampleOrder.Place(1);
        await WriteAsync(holder);

        Assert.That(await WriteAllAsync(SampleOrder.Place(1), Cancel(holder.After)), Is.EqualTo(new[] { WriteOutcome.TicketTaken, WriteOutcome.Written }));
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.Empty);
    }

    [Test]
    public async Task A_decision_on_an_older_version_is_stale_and_leaves_nothing()
    {
        var placed = SampleOrder.Place(1);
        await WriteAsync(placed);
        var begun = PaymentRules.Begin(placed.After, placed.After.BuyerId, SampleOrder.NewId(), Now, SampleOrder.Hold, SampleOrder.PaymentTime).Value;
        await WriteAsync(begun);

        Assert.That(await WriteAsync(Cancel(placed.After)), Is.EqualTo(WriteOutcome.Stale));
        AssertSame(await FindAsync(placed.After.Id), begun.After);
        await AssertSoundAsync(claims: 1);
    }

    [Test]
    public async Task A_stale_confirmation_takes_no_tickets()
    {
        var placed = SampleOrder.Place(1);
        var expired = OrderRules.Expire(placed.After, settledPaymentId: null, placed.After.ExpiresAt);
        var paid = PaymentRules.Confirm(expired.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        await WriteAllAsync(placed, expired);
        await WriteAsync(paid.IfTaken!);

        Assert.That(await WriteAsync(paid), Is.EqualTo(WriteOutcome.Stale));
        await AssertSoundAsync(claims: 0);
    }

    [Test]
    public async Task A_new_order_whose_id_exists_is_stale_whatever_tickets_it_wants()
    {
        var id = TaggedId.New(Now, 1);
        var placed = SampleOrder.Place([1, 2], id: id);
        await WriteAsync(placed);

        Assert.That(await WriteAsync(SampleOrder.Place([1, 2], id: id)), Is.EqualTo(WriteOutcome.Stale), "the same tickets");
        Assert.That(await WriteAsync(SampleOrder.Place([3, 1], id: id)), Is.EqualTo(WriteOutcome.Stale), "some of them");
        Assert.That(await WriteAsync(SampleOrder.Place([5, 6], id: id)), Is.EqualTo(WriteOutcome.Stale), "others");
        AssertSame(await FindAsync(id), placed.After);
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EquivalentTo(new[] { 1, 2 }));
        await AssertSoundAsync(claims: 2);
    }

    [Test]
    public async Task A_new_order_whose_id_exists_is_stale_when_the_order_is_over_as_well()
    {
        var id = TaggedId.New(Now, 1);
        var placed = SampleOrder.Place([1], id: id);
        await WriteAllAsync(placed, Cancel(placed.After));

        Assert.That(await WriteAsync(SampleOrder.Place([1], id: id)), Is.EqualTo(WriteOutcome.Stale));
        await AssertSoundAsync(claims: 0);
    }

    [TestCase(OrderStatus.Expired)]
    [TestCase(OrderStatus.Canceled)]
    [TestCase(OrderStatus.Refunded)]
    public async Task An_order_that_is_over_frees_its_tickets(OrderStatus status)
    {
        var placed = SampleOrder.Place(1, 2);
        var paid = PaymentRules.Confirm(placed.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        await WriteAsync(placed);
        var over = status switch
        {
            OrderStatus.Expired => OrderRules.Expire(placed.After, settledPaymentId: null, placed.After.ExpiresAt),
            OrderStatus.Canceled => Cancel(placed.After),
            _ => Cancel(paid.After),
        };
        if (status == OrderStatus.Refunded)
        {
            await WriteAsync(paid);
        }

        Assert.That(await WriteAsync(over), Is.EqualTo(WriteOutcome.Written));
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.Empty);
        await AssertSoundAsync(claims: 0);
    }

    [Test]
    public async Task A_late_confirmation_takes_the_tickets_again_unless_they_are_gone()
    {
        var placed = SampleOrder.Place(1, 2);
        var expired = OrderRules.Expire(placed.After, settledPaymentId: null, placed.After.ExpiresAt);
        var paid = PaymentRules.Confirm(expired.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        var rival = SampleOrder.Place(2);
        await WriteAllAsync(placed, expired, rival);

        Assert.That(await WriteAsync(paid), Is.EqualTo(WriteOutcome.TicketTaken));
        AssertSame(await FindAsync(placed.After.Id), expired.After);
        await AssertSoundAsync(claims: 1);

        Assert.That(await WriteAllAsync(Cancel(rival.After), paid), Is.EqualTo(new[] { WriteOutcome.Written, WriteOutcome.Written }));
        await AssertSoundAsync(claims: 2);
    }

    [Test]
    public async Task A_message_has_its_effect_once()
    {
        var placed = SampleOrder.Place(1);
        await WriteAsync(placed);
        var inbox = new InboxKey("PayOrderWhenPaymentConfirmed", SampleOrder.NewId());
        var declined = Begin(placed.After);

        Assert.That(await WriteAsync(declined, inbox), Is.EqualTo(WriteOutcome.Written));
        Assert.That(await WriteAsync(Cancel(declined.After), inbox), Is.EqualTo(WriteOutcome.Duplicate));
        AssertSame(await FindAsync(placed.After.Id), declined.After);
        Assert.That(await WriteAsync(Cancel(declined.After), inbox with { Consumer = "Another" }), Is.EqualTo(WriteOutcome.Written));
    }

    [Test]
    public async Task A_message_is_a_duplicate_within_one_batch_too()
    {
        var placed = SampleOrder.Place(1);
        await WriteAsync(placed);
        var inbox = new InboxKey("PayOrderWhenPaymentConfirmed", SampleOrder.NewId());
        var begun = Begin(placed.After);

        var outcomes = await store.WriteAsync([new OrderWrite(begun, inbox), new OrderWrite(Cancel(begun.After), inbox)]);

        Assert.That(outcomes, Is.EqualTo(new[] { WriteOutcome.Written, WriteOutcome.Duplicate }));
    }

    [Test]
    public async Task A_message_without_effect_may_come_again()
    {
        var placed = SampleOrder.Place(1);
        var expired = OrderRules.Expire(placed.After, settledPaymentId: null, placed.After.ExpiresAt);
        var rival = SampleOrder.Place(1);
        await WriteAllAsync(placed, expired, rival);
        var paid = PaymentRules.Confirm(expired.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        var inbox = new InboxKey("PayOrderWhenPaymentConfirmed", SampleOrder.NewId());

        Assert.That(await WriteAsync(paid, inbox), Is.EqualTo(WriteOutcome.TicketTaken));
        Assert.That(await WriteAsync(Cancel(placed.After), inbox), Is.EqualTo(WriteOutcome.Stale));
        Assert.That(await WriteAsync(paid.IfTaken!, inbox), Is.EqualTo(WriteOutcome.Written));
        Assert.That(await WriteAsync(paid.IfTaken!, inbox), Is.EqualTo(WriteOutcome.Duplicate));
    }

    [Test]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var (placed, gone) = (SampleOrder.Place(1, 2), SampleOrder.Place(3));
        var inbox = new InboxKey("PayOrderWhenPaymentConfirmed", SampleOrder.NewId());
        var paid = PaymentRules.Confirm(placed.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        await WriteAllAsync(placed, gone, Cancel(gone.After));
        await WriteAsync(paid, inbox);

        await CloseAsync();
        store = await OpenAsync();

        AssertSame(await FindAsync(placed.After.Id), paid.After);
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EquivalentTo(new[] { 1, 2 }));
        Assert.That(await store.WithPendingMessagesAsync([placed.After.Id]), Is.EquivalentTo(new[] { placed.After.Id }));
        Assert.That(await WriteAsync(Cancel(paid.After), inbox), Is.EqualTo(WriteOutcome.Duplicate));
        Assert.That(await WriteAllAsync(SampleOrder.Place(2), SampleOrder.Place(3)), Is.EqualTo(new[] { WriteOutcome.TicketTaken, WriteOutcome.Written }));
    }

    [Test]
    public async Task Finds_the_holders_of_tickets_each_once()
    {
        var (one, other) = (SampleOrder.Place(1, 2), SampleOrder.Place(3));
        await WriteAllAsync(one, other);

        var holders = await store.HoldersAsync([.. new[] { 1, 2, 3, 4 }.Select(number => SampleOrder.Ticket(number).Id)]);

        Assert.That(holders.Select(order => order.Id), Is.EquivalentTo(new[] { one.After.Id, other.After.Id }));
    }

    [Test]
    public async Task Knows_the_taken_numbers_of_one_event_alone()
    {
        var other = TaggedId.NewBase(Now);
        await WriteAllAsync(SampleOrder.Place(1, 10_000), SampleOrder.Place([2], eventId: other));

        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EquivalentTo(new[] { 1, 10_000 }));
        Assert.That(await store.TakenNumbersAsync(other), Is.EquivalentTo(new[] { 2 }));
    }

    [Test]
    public async Task Counts_how_often_tickets_of_an_event_became_free()
    {
        var other = TaggedId.NewBase(Now);
        var (one, two) = (SampleOrder.Place(1, 2), SampleOrder.Place(3));
        var expired = OrderRules.Expire(one.After, settledPaymentId: null, one.After.ExpiresAt);
        var paid = PaymentRules.Confirm(expired.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        var refunded = OrderRules.Cancel(paid.After, buyerId: null, default, "order-canceled", Now).Value;
        var elsewhere = SampleOrder.Place([4], eventId: other);
        var counts = new List<long>();
        foreach (var change in new[] { one, two, expired, paid, refunded, elsewhere, Cancel(elsewhere.After), Cancel(two.After) })
        {
            Assert.That(await WriteAsync(change), Is.EqualTo(WriteOutcome.Written));
            counts.Add(await store.CountFreesAsync(SampleOrder.Event));
        }

        Assert.That(counts, Is.EqualTo(new long[] { 0, 0, 1, 1, 2, 2, 2, 3 }), "every time, also the second time of one order, and never less");
        Assert.That(await store.CountFreesAsync(other), Is.EqualTo(1));
    }

    [Test]
    public async Task A_refund_of_one_ticket_frees_it_and_no_other()
    {
        var placed = SampleOrder.Place(1, 2, 3);
        var paid = PaymentRules.Confirm(placed.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        var one = Refund(paid.After, new RefundTerms(SampleOrder.NewId(), [SampleOrder.Ticket(2).Id], 4_000, null, "A \"reason\" of one line.", new Actor(SampleOrder.NewId(), "Ana")));
        await WriteAllAsync(placed, paid, one);

        AssertSame(await FindAsync(placed.After.Id), one.After);
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EquivalentTo(new[] { 1, 3 }));
        Assert.That(await store.CountFreesAsync(SampleOrder.Event), Is.EqualTo(1));
        await AssertSoundAsync(claims: 2);

        var (same, other) = (SampleOrder.Place(3), SampleOrder.Place(2));
        Assert.That(await WriteAsync(same), Is.EqualTo(WriteOutcome.TicketTaken));
        Assert.That(await WriteAsync(other), Is.EqualTo(WriteOutcome.Written), "sold again");
        Assert.That((await store.HoldersAsync([SampleOrder.Ticket(2).Id])).Single().Id, Is.EqualTo(other.After.Id));

        var rest = Refund(one.After, new RefundTerms(SampleOrder.NewId(), null, null, null, "All.", new Actor(SampleOrder.NewId(), "Ana")));
        Assert.That(await WriteAsync(rest), Is.EqualTo(WriteOutcome.Written));
        AssertSame(await FindAsync(placed.After.Id), rest.After);
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EquivalentTo(new[] { 2 }), "the ticket that was sold again is its new buyer's");
        await AssertSoundAsync(claims: 1);
    }

    [Test]
    public async Task What_a_gateway_says_of_refunds_is_kept()
    {
        var placed = SampleOrder.Place(1, 2);
        var payment = SampleOrder.NewId();
        var paid = PaymentRules.Confirm(placed.After, payment, eventIsCanceled: false, eventHasEnded: false, Now);
        var asked = Refund(paid.After, new RefundTerms(SampleOrder.NewId(), null, 100, null, "A little.", new Actor(SampleOrder.NewId(), "Ana")));
        var failed = GatewayRefundRules.RecordFailure(asked.After, new FailedRefund(payment, asked.After.Refunds[0].Id, null, 100, "account-closed", IsKept: true), Now);
        var console = GatewayRefundRules.RecordPart(failed.After, payment, askedAs: null, "re_1", 200, Now);
        var disputed = DisputeRules.Record(console.After, payment, "dp_1", OrderDisputeState.Opened, 700, Now);
        var lost = DisputeRules.Record(disputed.After, payment, "dp_1", OrderDisputeState.Lost, 700, Now.AddDays(1));
        await WriteAllAsync(placed, paid, asked, failed, console, disputed, lost);

        AssertSame(await FindAsync(placed.After.Id), lost.After);
        await AssertSoundAsync(claims: 2);
    }

    [Test]
    public async Task Counts_every_release_of_tickets_of_one_order()
    {
        var placed = SampleOrder.Place(1, 2, 3, 4, 5, 6);
        var order = PaymentRules.Confirm(placed.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        await WriteAllAsync(placed, order);
        for (var number = 1; number <= 6; number++)
        {
            order = Refund(order.After, new RefundTerms(SampleOrder.NewId(), [SampleOrder.Ticket(number).Id], null, null, "One.", new Actor(SampleOrder.NewId(), "Ana")));
            Assert.That(await WriteAsync(order), Is.EqualTo(WriteOutcome.Written));
            Assert.That(await store.CountFreesAsync(SampleOrder.Event), Is.EqualTo(number));
        }

        await AssertSoundAsync(claims: 0);
    }

    [Test]
    public async Task Gives_every_order_that_a_buyer_ever_placed_for_an_event()
    {
        var (buyer, other, event2) = (SampleOrder.NewId(), SampleOrder.NewId(), TaggedId.NewBase(Now));
        var (held, over) = (SampleOrder.PlaceInTurn(1, [1, 2], buyer), SampleOrder.PlaceInTurn(2, [4, 5], buyer));
        var (theirs, elsewhere) = (SampleOrder.PlaceInTurn(1, [6], other), SampleOrder.PlaceInTurn(1, [7], buyer, event2));
        await WriteAllAsync(held, over, Cancel(over.After), theirs, elsewhere, SampleOrder.PlaceInTurn(1, [8], SampleOrder.NewId()), SampleOrder.PlaceInTurn(1, [9], other, event2));

        Assert.That(await IdsAsync(new BuyerOfEvent(SampleOrder.Event, buyer)), Is.EquivalentTo(new[] { held.After.Id, over.After.Id }));
        Assert.That(
            await IdsAsync(new BuyerOfEvent(SampleOrder.Event, other), new BuyerOfEvent(event2, buyer)), Is.EquivalentTo(new[] { theirs.After.Id, elsewhere.After.Id }));
        Assert.That(await IdsAsync(new BuyerOfEvent(SampleOrder.Event, SampleOrder.NewId())), Is.Empty);
        AssertSame((await store.OfBuyersAsync([new BuyerOfEvent(SampleOrder.Event, buyer)])).Single(order => order.Id == held.After.Id), held.After);

        async Task<IEnumerable<Guid>> IdsAsync(params BuyerOfEvent[] buyers) => (await store.OfBuyersAsync(buyers)).Select(order => order.Id);
    }

    [Test]
    public async Task A_turn_of_a_buyer_is_given_once_whatever_became_of_the_order()
    {
        var buyer = SampleOrder.NewId();
        var first = SampleOrder.PlaceInTurn(1, [1], buyer);
        var unaware = SampleOrder.PlaceInTurn(1, [2, 3], buyer);

        Assert.That(await WriteAllAsync(first, SampleOrder.PlaceInTurn(1, [5], SampleOrder.NewId())), Is.All.EqualTo(WriteOutcome.Written));
        Assert.That(await WriteAsync(unaware), Is.EqualTo(WriteOutcome.OutOfTurn));
        await WriteAsync(Cancel(first.After));
        Assert.That(await WriteAsync(unaware), Is.EqualTo(WriteOutcome.OutOfTurn));

        Assert.That(await FindAsync(unaware.After.Id), Is.Null);
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EqualTo(new[] { 5 }));
        Assert.That(await store.WithPendingMessagesAsync([unaware.After.Id]), Is.Empty);
        Assert.That(await WriteAsync(SampleOrder.PlaceInTurn(2, [2, 3], buyer)), Is.EqualTo(WriteOutcome.Written));
        Assert.That(await WriteAsync(first), Is.EqualTo(WriteOutcome.Stale), "an order that exists is that order");
        await AssertSoundAsync(claims: 3);
    }

    [Test]
    public async Task An_order_that_claims_its_tickets_again_takes_a_turn_too()
    {
        var buyer = SampleOrder.NewId();
        var lapsed = SampleOrder.PlaceInTurn(1, [1], buyer);
        var expired = OrderRules.Expire(lapsed.After, settledPaymentId: null, lapsed.After.ExpiresAt);
        var paid = PaymentRules.Confirm(expired.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now);
        await WriteAllAsync(lapsed, expired, SampleOrder.PlaceInTurn(2, [2], buyer));

        Assert.That(await WriteAsync(paid with { After = paid.After with { Turn = 2 } }), Is.EqualTo(WriteOutcome.OutOfTurn));
        Assert.That(await store.TakenNumbersAsync(SampleOrder.Event), Is.EqualTo(new[] { 2 }));
        var inTurn = paid with { After = paid.After with { Turn = 3 } };
        Assert.That(await WriteAsync(inTurn), Is.EqualTo(WriteOutcome.Written));
        AssertSame(await FindAsync(lapsed.After.Id), inTurn.After);
        await AssertSoundAsync(claims: 2);
    }

    [Test]
    public async Task Of_orders_of_one_turn_written_at_once_one_is_written()
    {
        var buyer = SampleOrder.NewId();

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(number => Task.Run(() => WriteAsync(SampleOrder.PlaceInTurn(1, [number], buyer)))));

        Assert.That(outcomes.Count(outcome => outcome == WriteOutcome.Written), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome == WriteOutcome.OutOfTurn), Is.EqualTo(49));
        await AssertSoundAsync(claims: 1);
    }

    [Test]
    public async Task Finds_holds_that_are_over_the_longest_over_first()
    {
        var orders = new[] { 3, 1, 2, 4 }.Select(minutes => SampleOrder.Place([minutes], at: Now.AddMinutes(minutes))).ToArray();
        await WriteAllAsync(orders);
        var now = Now.AddMinutes(3) + SampleOrder.Hold;

        Assert.That((await store.DueAsync(now, paymentUnderWay: false, 10)).Select(order => order.Tickets[0].Number), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That((await store.DueAsync(now, paymentUnderWay: false, 2)).Select(order => order.Tickets[0].Number), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await store.DueAsync(now, paymentUnderWay: true, 10), Is.Empty);
    }

    [Test]
    public async Task Tells_holds_with_a_payment_under_way_from_those_without()
    {
        var (plain, underWay, declined, paid, canceled) = (SampleOrder.Place(1), SampleOrder.Place(2), SampleOrder.Place(3), SampleOrder.Place(4), SampleOrder.Place(5));
        var begun = Begin(declined.After);
        await WriteAllAsync(
            plain, underWay, Begin(underWay.After), declined, begun, PaymentRules.Decline(begun.After, begun.After.PaymentId!.Value),
            paid, PaymentRules.Confirm(paid.After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now), canceled, Cancel(canceled.After));
        var now = Now.AddDays(1);

        Assert.That((await store.DueAsync(now, paymentUnderWay: false, 10)).Select(order => order.Id), Is.EquivalentTo(new[] { plain.After.Id, declined.After.Id }));
        Assert.That((await store.DueAsync(now, paymentUnderWay: true, 10)).Select(order => order.Id), Is.EqualTo(new[] { underWay.After.Id }));
    }

    [Test]
    public async Task Pages_through_a_buyers_orders_newest_first()
    {
        var buyer = SampleOrder.NewId();
        var orders = Enumerable.Range(1, 5).Select(number => SampleOrder.Place([number], buyer, at: Now.AddSeconds(number))).ToList();
        await WriteAllAsync([.. orders, Cancel(orders[2].After), SampleOrder.Place(9)]);

        var first = await store.OfBuyerAsync(buyer, before: null, 2);
        var second = await store.OfBuyerAsync(buyer, first[^1].Id, 10);

        Assert.That(first.Concat(second).Select(order => order.Tickets[0].Number), Is.EqualTo(new[] { 5, 4, 3, 2, 1 }));
        Assert.That(first, Has.Count.EqualTo(2));
        Assert.That(await store.OfBuyerAsync(buyer, orders[0].After.Id, 10), Is.Empty);
    }

    [Test]
    public async Task Pages_through_an_events_active_orders_in_the_order_of_their_ids()
    {
        var orders = Enumerable.Range(1, 5).Select(number => SampleOrder.Place([number], at: Now.AddSeconds(number))).ToList();
        await WriteAllAsync([
            .. orders, Cancel(orders[1].After), PaymentRules.Confirm(orders[2].After, SampleOrder.NewId(), eventIsCanceled: false, eventHasEnded: false, Now),
            SampleOrder.Place([1], eventId: TaggedId.NewBase(Now))]);

        var first = await store.ActiveOfEventAsync(SampleOrder.Event, after: null, 2);
        var second = await store.ActiveOfEventAsync(SampleOrder.Event, first[^1].Id, 10);

        Assert.That(first.Select(order => order.Tickets[0].Number), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(second.Select(order => order.Tickets[0].Number), Is.EqualTo(new[] { 4, 5 }));
    }

    [Test]
    public async Task Pages_through_all_orders_in_the_order_of_their_ids()
    {
        var orders = Enumerable.Range(1, 4).Select(number => SampleOrder.Place([number], at: Now.AddSeconds(number))).ToList();
        await WriteAllAsync([orders[3], orders[1], orders[0], orders[2], Cancel(orders[1].After)]);

        var first = await store.PageAsync(after: null, 3);
        var second = await store.PageAsync(first[^1].Id, 3);

        Assert.That(first.Concat(second).Select(order => order.Id), Is.EqualTo(orders.Select(order => order.After.Id)));
        Assert.That(first, Has.Count.EqualTo(3));
        Assert.That(await store.PageAsync(second[^1].Id, 3), Is.Empty);
    }

    [Test]
    public async Task Knows_about_which_orders_messages_wait()
    {
        var (one, other) = (SampleOrder.Place(1), SampleOrder.Place(2));
        await WriteAllAsync(one, other);

        Assert.That(await store.WithPendingMessagesAsync([one.After.Id, SampleOrder.NewId()]), Is.EquivalentTo(new[] { one.After.Id }));
    }

    [Test]
    public async Task Two_hundred_callers_of_one_ticket_have_one_winner()
    {
        var writes = Enumerable.Range(0, 200).Select(_ => SampleOrder.Place(1)).ToList();

        var outcomes = await Crowd.CallAsync(writes.Count, caller => WriteAsync(writes[caller]));

        Assert.That(outcomes.Count(outcome => outcome == WriteOutcome.Written), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome == WriteOutcome.TicketTaken), Is.EqualTo(199));
        await AssertSoundAsync(claims: 1);
    }

    [TearDown]
    public async Task CloseTheStoreAsync()
    {
        await CloseAsync();
        await ClearAsync();
    }

    private static OrderChange Cancel(Order order) => OrderRules.Cancel(order, buyerId: null, default, "order-canceled", Now).Value;

    private static OrderChange Refund(Order order, RefundTerms terms) => RefundRules.Refund(order, terms, Now).Value;

    private static OrderChange Begin(Order order) => PaymentRules.Begin(order, order.BuyerId, SampleOrder.NewId(), Now, SampleOrder.Hold, SampleOrder.PaymentTime).Value;

    private static void AssertSame(Order? actual, Order expected)
    {
        Assert.That(actual, Is.Not.Null);
        Assert.That(actual!.Tickets, Is.EqualTo(expected.Tickets));
        Assert.That(actual.RefundedPayments, Is.EqualTo(expected.RefundedPayments));
        Assert.That(actual.Refunds.Select(refund => refund with { TicketIds = [] }), Is.EqualTo(expected.Refunds.Select(refund => refund with { TicketIds = [] })));
        Assert.That(actual.Refunds.Select(refund => refund.TicketIds), Is.EqualTo(expected.Refunds.Select(refund => refund.TicketIds)));
        Assert.That(actual.Disputes, Is.EqualTo(expected.Disputes));
        Assert.That(
            actual with { Tickets = expected.Tickets, RefundedPayments = expected.RefundedPayments, Refunds = expected.Refunds, Disputes = expected.Disputes },
            Is.EqualTo(expected));
    }

    private async Task AssertSoundAsync(int claims) => Assert.That(await store.CountClaimsAsync(), Is.EqualTo((0L, 0L, (long)claims)));

    private async Task<Order?> FindAsync(Guid id) => (await store.LoadAsync([id])).SingleOrDefault();

    private async Task<WriteOutcome> WriteAsync(OrderChange change, InboxKey? inbox = null) => (await store.WriteAsync([new OrderWrite(change, inbox)])).Single();

    private Task<IReadOnlyList<WriteOutcome>> WriteAllAsync(params OrderChange[] changes) =>
        store.WriteAsync([.. changes.Select(change => new OrderWrite(change, Inbox: null))]);
}
