using Microsoft.Extensions.Logging.Abstractions;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Shards;

internal sealed class PurchaseLaneTests
{
    private BookingBench bench = null!;

    [SetUp]
    public async Task OpenAsync() => bench = await BookingBench.OpenAsync();

    [TearDown]
    public Task CloseAsync() => bench.DisposeAsync().AsTask();

    [Test]
    public async Task Conflicting_claims_of_one_batch_have_one_winner()
    {
        var (sale, lane, store) = await PublishAsync(10);

        var outcomes = await InOneBatchAsync(lane, store, [
            bench.Place(sale, [1, 2]), bench.Place(sale, [2, 3]), bench.Place(sale, [3, 4]), bench.Place(sale, [2]), bench.Place(sale, [5])]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "1,2", "ticket-taken", "3,4", "ticket-taken", "5" }));
        await AssertSoundAsync(store, claims: 5);
    }

    [Test]
    public async Task A_change_is_dated_when_it_is_decided_and_not_when_it_began_to_wait()
    {
        var (sale, lane, store) = await PublishAsync(10);
        var order = (await lane.TryAsync(bench.Place(sale, [1]))).Value;
        store.Close();

        var paying = lane.TryAsync(Confirm(order.Id, bench.NewId()));
        await store.ReachedAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(3));
        store.Open();

        Assert.That((await paying).Value.PaidAt, Is.EqualTo(BookingBench.Start.AddMinutes(3)));
        Assert.That(store.Written.Last().Change.Events.OfType<OrderPaid>().Single().At, Is.EqualTo(BookingBench.Start.AddMinutes(3)));
    }

    [Test]
    public async Task A_clock_that_steps_back_dates_no_change_of_an_order_before_the_last_one()
    {
        var (sale, lane, store) = await PublishAsync(10);
        var order = (await lane.TryAsync(bench.Place(sale, [1]))).Value;

        bench.Clock.AdjustTime(BookingBench.Start.AddMinutes(-5));
        var paid = (await lane.TryAsync(Confirm(order.Id, bench.NewId()))).Value;
        bench.Clock.AdjustTime(BookingBench.Start.AddMinutes(1));
        var again = (await lane.TryAsync(bench.Place(sale, [2]))).Value;
        bench.Clock.AdjustTime(BookingBench.Start.AddMinutes(-5));
        var canceled = new[] { (await lane.TryAsync(Cancel(paid.Id))).Value, (await lane.TryAsync(Cancel(again.Id))).Value };

        Assert.That((paid.PaidAt, canceled[0].EndedAt), Is.EqualTo((BookingBench.Start, BookingBench.Start)));
        Assert.That(canceled[1].EndedAt, Is.EqualTo(BookingBench.Start.AddMinutes(1)));
        Assert.That(store.Written.SelectMany(write => write.Change.Events).OfType<RefundDue>().Single().At, Is.EqualTo(BookingBench.Start));
    }

    /// <remarks>The audit would find that the price was not in force yet, for good.</remarks>
    [Test]
    public async Task An_order_is_dated_no_earlier_than_the_price_that_it_quotes()
    {
        var later = BookingBench.Start.AddMinutes(7);
        var published = bench.Events.Put(bench.Events.Publish(10) with { ChangedAt = later });
        var sale = await bench.OnSaleAsync(published);
        var lane = (await bench.Shards.OfAsync(sale.Shard)).Lane;

        var order = (await lane.TryAsync(bench.Place(sale, [1]))).Value;
        var begun = await lane.TryAsync(new ChangeItem(order.Id, inbox: null, (known, now) =>
            PaymentRules.Begin(known, known.BuyerId, order.Id, now, bench.Options.Hold, bench.Options.PaymentTime)));

        Assert.That((order.PlacedAt, order.ExpiresAt), Is.EqualTo((later, later + bench.Options.Hold)));
        Assert.That(begun.IsSuccess, Is.True, "its hold is not over");
    }

    [Test]
    public async Task A_batch_is_one_write()
    {
        var (sale, lane, store) = await PublishAsync(100);

        var outcomes = await InOneBatchAsync(lane, store, [.. Enumerable.Range(1, 100).Select(number => bench.Place(sale, [number]))]);

        Assert.That(outcomes.All(outcome => outcome.IsSuccess), Is.True);
        Assert.That(store.Batches, Is.EqualTo(1));
    }

    [Test]
    public async Task A_batch_of_refusals_writes_nothing()
    {
        var (sale, lane, store) = await PublishAsync(10);
        await lane.TryAsync(bench.Place(sale, [1, 2]));
        await lane.TryAsync(bench.Place(sale, [1]));
        var before = store.Batches;

        var outcomes = await InOneBatchAsync(lane, store, [.. Enumerable.Range(0, 200).Select(request => bench.Place(sale, [(request % 2) + 1, 3]))]);

        Assert.That(outcomes.Select(Text), Is.All.EqualTo("ticket-taken"));
        Assert.That(store.Batches, Is.EqualTo(before));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [3]))), Is.EqualTo("3"));
    }

    [Test]
    public async Task Whoever_names_a_ticket_whose_hold_is_over_gets_it_although_it_was_known_to_be_taken()
    {
        var (sale, lane, _) = await PublishAsync(10);
        await lane.TryAsync(bench.Place(sale, [1]));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [1]))), Is.EqualTo("ticket-taken"));

        bench.Clock.Advance(bench.Options.Hold);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [1]))), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_request_that_is_repeated_under_its_id_gets_its_order_although_its_tickets_are_known_to_be_taken()
    {
        var (sale, lane, _) = await PublishAsync(10);
        var first = bench.Place(sale, [1]);
        var placed = await lane.TryAsync(first);
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [1]))), Is.EqualTo("ticket-taken"));

        var repeated = await lane.TryAsync(new PlaceItem(first.OrderId, sale.Id, first.BuyerId, [1], tierId: null, quantity: 1));

        Assert.That(repeated.Value.Id, Is.EqualTo(placed.Value.Id));
    }

    [Test]
    public async Task The_best_available_are_of_the_cheapest_tier_that_has_enough()
    {
        var (sale, lane, _) = await PublishAsync(3, 5);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 2))), Is.EqualTo("1,2"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 2))), Is.EqualTo("4,5"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 1))), Is.EqualTo("3"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 4))), Is.EqualTo("not-enough-tickets"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 3))), Is.EqualTo("6,7,8"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 1))), Is.EqualTo("not-enough-tickets"));
    }

    [Test]
    public async Task The_best_available_of_a_tier_are_of_that_tier()
    {
        var (sale, lane, _) = await PublishAsync(3, 5);
        var dearer = bench.Events[sale.Id].Tiers[1];

        var outcome = await lane.TryAsync(bench.Place(sale, null, 2, dearer.Id));

        Assert.That(outcome.Value.Tickets.Select(ticket => (ticket.Number, ticket.TierId, ticket.Price)), Is.EqualTo(new[] { (4, dearer.Id, 15_000L), (5, dearer.Id, 15_000L) }));
    }

    [Test]
    public async Task The_best_available_of_one_batch_are_different_ones()
    {
        var (sale, lane, store) = await PublishAsync(10);

        var outcomes = await InOneBatchAsync(lane, store, [.. Enumerable.Range(0, 12).Select(_ => bench.Place(sale, null))]);

        Assert.That(outcomes.Count(outcome => outcome.Error == BookingErrors.NotEnoughTickets), Is.EqualTo(2));
        Assert.That(outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value.Tickets[0].Number), Is.EquivalentTo(Enumerable.Range(1, 10)));
    }

    [Test]
    public async Task A_claim_that_fails_does_not_make_the_best_available_go_without()
    {
        var (sale, lane, store) = await PublishAsync(2);
        await lane.TryAsync(bench.Place(sale, null));

        // The first marks ticket 2 and loses it again, because ticket 1 is taken; only then is it clear that there is one left for the second.
        var outcomes = await InOneBatchAsync(lane, store, [bench.Place(sale, [2, 1]), bench.Place(sale, null)]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "ticket-taken", "2" }));
    }

    [Test]
    public async Task A_winner_keeps_its_mark_when_a_loser_takes_its_own_back()
    {
        var (sale, lane, store) = await PublishAsync(3);
        await lane.TryAsync(bench.Place(sale, null));

        var outcomes = await InOneBatchAsync(lane, store, [bench.Place(sale, [2, 1]), bench.Place(sale, [2])]);
        var batches = store.Batches;
        var next = await lane.TryAsync(bench.Place(sale, null));

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "ticket-taken", "2" }));
        Assert.That(Text(next), Is.EqualTo("3"));
        Assert.That(store.Batches, Is.EqualTo(batches + 1), "the lane knew that ticket 2 is taken");
    }

    [Test]
    public async Task What_a_change_frees_is_sold_in_the_same_batch()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var holder = (await lane.TryAsync(bench.Place(sale, null))).Value;

        var outcomes = await InOneBatchAsync(lane, store, [Cancel(holder.Id), bench.Place(sale, [1])]);

        Assert.That(outcomes[0].Value.Status, Is.EqualTo(OrderStatus.Canceled));
        Assert.That(Text(outcomes[1]), Is.EqualTo("1"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"));
    }

    [Test]
    public async Task What_a_change_frees_is_among_the_best_available_of_the_same_batch()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var holder = (await lane.TryAsync(bench.Place(sale, null))).Value;

        var outcomes = await InOneBatchAsync(lane, store, [Cancel(holder.Id), bench.Place(sale, null)]);

        Assert.That(Text(outcomes[1]), Is.EqualTo("1"));
    }

    [Test]
    public async Task Freed_tickets_are_proposed_again()
    {
        var (sale, lane, _) = await PublishAsync(2);
        var first = (await lane.TryAsync(bench.Place(sale, null))).Value;
        await lane.TryAsync(bench.Place(sale, null));
        await lane.RunAsync(Cancel(first.Id), CancellationToken.None);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null))), Is.EqualTo("1"));
    }

    [Test]
    public async Task An_expired_hold_is_taken_over_in_the_same_breath_by_ids()
    {
        var (sale, lane, store) = await PublishAsync(3);
        var old = (await lane.TryAsync(bench.Place(sale, [1, 2]))).Value;
        bench.Clock.Advance(bench.Options.Hold);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [2, 3]))), Is.EqualTo("2,3"));
        Assert.That((await bench.LoadAsync(old.Id)).Status, Is.EqualTo(OrderStatus.Expired));
        await AssertSoundAsync(store, claims: 2);
    }

    [Test]
    public async Task An_expired_hold_is_taken_over_in_the_same_breath_by_best_available()
    {
        var (sale, lane, store) = await PublishAsync(2);
        var old = (await lane.TryAsync(bench.Place(sale, null, 2))).Value;
        bench.Clock.Advance(bench.Options.Hold);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 2))), Is.EqualTo("1,2"));
        Assert.That((await bench.LoadAsync(old.Id)).Status, Is.EqualTo(OrderStatus.Expired));
        await AssertSoundAsync(store, claims: 2);
    }

    [Test]
    public async Task Best_available_finds_its_expired_hold_behind_a_thousand_others()
    {
        var (other, _, store) = await PublishAsync(1_100);
        var (sale, lane, _) = await PublishAsync(1);
        Assume.That(sale.Shard, Is.EqualTo(other.Shard));
        await InOneBatchAsync(lane, store, [.. Enumerable.Range(1, 1_100).Select(number => bench.Place(other, [number]))]);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await lane.TryAsync(bench.Place(sale, null));
        bench.Clock.Advance(bench.Options.Hold);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null))), Is.EqualTo("1"));
    }

    [Test]
    public async Task An_expired_hold_with_a_payment_under_way_is_not_taken_over()
    {
        var (sale, lane, _) = await PublishAsync(2);
        var old = (await lane.TryAsync(bench.Place(sale, [1, 2]))).Value;
        await lane.TryAsync(Begin(old, bench.NewId()));
        bench.Clock.Advance(TimeSpan.FromDays(1));

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [1]))), Is.EqualTo("ticket-taken"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"));
        Assert.That((await bench.LoadAsync(old.Id)).Status, Is.EqualTo(OrderStatus.OnPayment));
    }

    [Test]
    public async Task An_expired_hold_next_to_a_lively_one_does_not_help()
    {
        var (sale, lane, _) = await PublishAsync(2);
        await lane.TryAsync(bench.Place(sale, [1]));
        bench.Clock.Advance(bench.Options.Hold / 2);
        await lane.TryAsync(bench.Place(sale, [2]));
        bench.Clock.Advance(bench.Options.Hold / 2);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [1, 2]))), Is.EqualTo("ticket-taken"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [1]))), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_full_lane_says_busy_and_a_change_that_must_not_be_refused_waits()
    {
        await bench.DisposeAsync();
        bench = await BookingBench.OpenAsync(("Booking:LaneCapacity", "2"));
        var (sale, lane, store) = await PublishAsync(10);
        store.Close();
        var inHand = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var waiting = new[] { lane.TryAsync(bench.Place(sale, [1])), lane.TryAsync(bench.Place(sale, [2])) };
        Assert.That(lane.Depth, Is.EqualTo(2));

        var refused = await lane.TryAsync(bench.Place(sale, [3]));
        var patient = lane.RunAsync(Nothing(), CancellationToken.None);
        store.Open();

        Assert.That(refused.Error, Is.EqualTo(BookingErrors.Busy));
        Assert.That((await inHand).Error, Is.EqualTo(BookingErrors.NotFound));
        Assert.That((await Task.WhenAll(waiting)).Select(Text), Is.EqualTo(new[] { "1", "2" }));
        Assert.That((await patient).Error, Is.EqualTo(BookingErrors.NotFound));
    }

    [Test]
    public async Task Closing_finishes_what_was_accepted_and_takes_nothing_new()
    {
        var (sale, lane, store) = await PublishAsync(700);
        store.Close();
        var first = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var accepted = Enumerable.Range(1, 700).Select(number => lane.TryAsync(bench.Place(sale, [number]))).ToList();

        var closing = lane.DisposeAsync().AsTask();
        var refused = await lane.TryAsync(bench.Place(sale, [1]));
        store.Open();
        await closing;

        Assert.That(first.IsCompleted && accepted.All(outcome => outcome.IsCompleted), Is.True);
        Assert.That((await Task.WhenAll(accepted)).All(outcome => outcome.IsSuccess), Is.True);
        Assert.That(refused.Error, Is.EqualTo(BookingErrors.Busy));
    }

    [Test]
    public async Task A_failing_store_is_told_to_every_caller_and_the_lane_lives_on()
    {
        var (sale, lane, store) = await PublishAsync(3);
        await lane.TryAsync(bench.Place(sale, null));
        store.Failure = new IOException("The disk is gone.");

        var outcomes = await Task.WhenAll((await HandInAsync(lane, store, [bench.Place(sale, [2]), bench.Place(sale, null), bench.Place(sale, [1])]))
            .Select(async outcome =>
            {
                try
                {
                    await outcome;
                    return "an answer";
                }
                catch (IOException failure)
                {
                    return failure.Message;
                }
            }));
        store.Failure = null;

        Assert.That(outcomes, Is.All.EqualTo("The disk is gone."));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 2))), Is.EqualTo("2,3"), "what the failed ones had marked is free");
    }

    /// <summary>Nobody waits for a store that hangs longer than the store's own time.</summary>
    [Test]
    public async Task Whoever_waited_while_the_store_hung_fails_with_the_batch_and_nothing_was_tried_for_them()
    {
        var (sale, lane, store) = await PublishAsync(3);
        store.CloseForWrites();
        var hanging = lane.TryAsync(bench.Place(sale, [1]));
        await store.ReachedAsync();
        var waiting = Enumerable.Range(0, 600).Select(_ => lane.TryAsync(bench.Place(sale, [2]))).ToList();

        bench.Clock.Advance(TimeSpan.FromSeconds(4));
        store.Failure = new IOException("It does not answer.");
        store.Open();

        Assert.That(async () => await hanging, Throws.TypeOf<IOException>());
        foreach (var outcome in waiting)
        {
            Assert.That(async () => await outcome, Throws.TypeOf<IOException>());
        }

        store.Failure = null;
        Assert.That(store.Batches, Is.Zero);
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [2]))), Is.EqualTo("2"), "the lane lives on, and nobody has the ticket");
    }

    [Test]
    public async Task Whoever_waited_while_a_batch_failed_at_once_is_tried_next()
    {
        var (sale, lane, store) = await PublishAsync(3);
        store.CloseForWrites();
        var failing = lane.TryAsync(bench.Place(sale, [1]));
        await store.ReachedAsync();
        var waiting = lane.TryAsync(bench.Place(sale, [2]));

        store.FailOnce(new IOException("It failed."));
        store.Open();

        Assert.That(async () => await failing, Throws.TypeOf<IOException>());
        Assert.That(Text(await waiting), Is.EqualTo("2"));
    }

    [Test]
    public async Task Several_changes_of_one_order_in_one_batch_follow_one_another()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        var payment = bench.NewId();

        var outcomes = await InOneBatchAsync(lane, store, [Begin(order, payment), Confirm(order.Id, payment), Confirm(order.Id, payment), Cancel(order.Id), Cancel(order.Id)]);

        Assert.That(outcomes.Select(outcome => outcome.Value.Status), Is.EqualTo(new[]
        {
            OrderStatus.OnPayment, OrderStatus.Paid, OrderStatus.Paid, OrderStatus.Refunded, OrderStatus.Refunded,
        }));
        Assert.That(await bench.LoadAsync(order.Id), Has.Property(nameof(Order.Revision)).EqualTo(3).And.Property(nameof(Order.Version)).EqualTo(4));
        await AssertSoundAsync(store, claims: 0);
    }

    [Test]
    public async Task Any_number_of_changes_of_one_order_fit_in_one_batch()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        var payments = Enumerable.Range(0, 30).Select(_ => bench.NewId()).ToList();

        var outcomes = await InOneBatchAsync(lane, store, [.. payments.Select(payment => Confirm(order.Id, payment))]);

        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess), Is.Empty);
        Assert.That(store.Written.SelectMany(write => write.Change.Refunds()).Select(due => due.PaymentId), Is.EquivalentTo(payments.Skip(1)));
    }

    [Test]
    public async Task Nobody_is_told_of_a_change_before_it_is_durable()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        store.Failure = new IOException("The disk is gone.");

        // The second cancel changes nothing only if the first one was written.
        var outcomes = await HandInAsync(lane, store, [Cancel(order.Id), Cancel(order.Id)]);

        Assert.That(async () => await outcomes[0], Throws.TypeOf<IOException>());
        Assert.That(async () => await outcomes[1], Throws.TypeOf<IOException>());
    }

    [Test]
    public async Task Nobody_is_refused_for_a_change_that_did_not_happen()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        bench.Clock.Advance(bench.Options.Hold);
        await lane.TryAsync(bench.Place(sale, [1]));

        // The late confirmation cannot have the ticket, so the order is not "already paid" but still expired.
        var outcomes = await InOneBatchAsync(lane, store, [Confirm(order.Id, bench.NewId()), Begin(order, bench.NewId())]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "1", "order-expired" }));
        Assert.That(outcomes[0].Value.Status, Is.EqualTo(OrderStatus.Expired));
    }

    [Test]
    public async Task A_late_confirmation_gets_the_tickets_back_when_they_are_free_and_the_lane_knows()
    {
        var (sale, lane, store) = await PublishAsync(2);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        bench.Clock.Advance(bench.Options.Hold);
        await lane.RunAsync(Expire(order.Id), CancellationToken.None);

        var paid = await lane.RunAsync(Confirm(order.Id, bench.NewId()), CancellationToken.None);
        var batches = store.Batches;
        var next = await lane.TryAsync(bench.Place(sale, null));

        Assert.That(paid.Value.Status, Is.EqualTo(OrderStatus.Paid));
        Assert.That(Text(next), Is.EqualTo("2"));
        Assert.That(store.Batches, Is.EqualTo(batches + 1), "ticket 1 was not proposed in vain");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_late_confirmation_and_a_new_order_of_one_ticket_have_one_winner(bool confirmationIsFirst)
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        bench.Clock.Advance(bench.Options.Hold);
        await lane.RunAsync(Expire(order.Id), CancellationToken.None);
        var payment = bench.NewId();
        LaneItem[] items = [Confirm(order.Id, payment), bench.Place(sale, [1])];

        await InOneBatchAsync(lane, store, confirmationIsFirst ? items : [.. items.Reverse()]);

        Assert.That((await items[0].Outcome).Value.Status, Is.EqualTo(confirmationIsFirst ? OrderStatus.Paid : OrderStatus.Expired));
        Assert.That(Text(await items[1].Outcome), Is.EqualTo(confirmationIsFirst ? "ticket-taken" : "1"));
        var refunds = store.Written.Where(write => write.Outcome == WriteOutcome.Written).SelectMany(write => write.Change.Refunds()).ToList();
        Assert.That(refunds.Select(due => (due.PaymentId, due.Reason)), Is.EqualTo(confirmationIsFirst ? [] : new[] { (payment, "tickets-gone") }));
        await AssertSoundAsync(store, claims: 1);
    }

    [Test]
    public async Task A_late_confirmation_takes_over_a_hold_that_is_over_itself()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        bench.Clock.Advance(bench.Options.Hold);
        await lane.TryAsync(bench.Place(sale, [1]));
        bench.Clock.Advance(bench.Options.Hold);

        var paid = await lane.RunAsync(Confirm(order.Id, bench.NewId()), CancellationToken.None);

        Assert.That(paid.Value.Status, Is.EqualTo(OrderStatus.Paid));
        await AssertSoundAsync(store, claims: 1);
    }

    [Test]
    public async Task A_hold_swept_in_mid_batch_is_not_overwritten_by_what_was_decided_before()
    {
        var (sale, lane, store) = await PublishAsync(1);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        bench.Clock.Advance(bench.Options.Hold);

        // Both confirmations are decided on the order as it was loaded; then the best available expires it and takes its ticket.
        var outcomes = await InOneBatchAsync(lane, store, [Confirm(order.Id, bench.NewId()), Confirm(order.Id, bench.NewId()), bench.Place(sale, null)]);

        var active = (await store.ActiveOfEventAsync(sale.Id, after: null, 10)).Select(found => found.Id).ToList();
        Assert.That(active, Has.Count.EqualTo(1), "one ticket, one active order");
        Assert.That(outcomes[2].IsSuccess, Is.EqualTo(active[0] != order.Id));
        await AssertSoundAsync(store, claims: 1);
    }

    [Test]
    public async Task The_same_order_placed_twice_is_placed_once_and_both_are_told()
    {
        var (sale, lane, store) = await PublishAsync(5);
        var id = TaggedId.New(bench.Clock.GetUtcNow(), sale.Shard);

        var byIds = await InOneBatchAsync(lane, store, [bench.Place(sale, [1, 2], orderId: id), bench.Place(sale, [1, 2], orderId: id)]);
        var bestId = TaggedId.New(bench.Clock.GetUtcNow(), sale.Shard);
        var byBest = await InOneBatchAsync(lane, store, [bench.Place(sale, null, orderId: bestId), bench.Place(sale, null, orderId: bestId)]);

        Assert.That(byIds.Concat(byBest).Select(Text), Is.EqualTo(new[] { "1,2", "1,2", "3", "3" }));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null))), Is.EqualTo("4"), "the second proposal went back");
    }

    [Test]
    public async Task A_buyer_gets_no_more_tickets_than_the_limit()
    {
        await bench.DisposeAsync();
        bench = await BookingBench.OpenAsync(("Booking:MaxTicketsPerBuyer", "3"));
        var (sale, lane, store) = await PublishAsync(20);
        var buyer = bench.NewId();

        var outcomes = await InOneBatchAsync(lane, store, [
            bench.Place(sale, [1, 2], buyer: buyer), bench.Place(sale, [3, 4], buyer: buyer), bench.Place(sale, [5], buyer: buyer), bench.Place(sale, [6, 7])]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "1,2", "ticket-limit", "5", "6,7" }));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, buyer: buyer))), Is.EqualTo("ticket-limit"));
    }

    [Test]
    public async Task An_order_that_fails_does_not_count_against_the_limit()
    {
        await bench.DisposeAsync();
        bench = await BookingBench.OpenAsync(("Booking:MaxTicketsPerBuyer", "2"));
        var (sale, lane, store) = await PublishAsync(20);
        await lane.TryAsync(bench.Place(sale, [1]));
        var buyer = bench.NewId();

        var outcomes = await InOneBatchAsync(lane, store, [bench.Place(sale, [1, 2], buyer: buyer), bench.Place(sale, [3, 4], buyer: buyer)]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "ticket-taken", "3,4" }));
    }

    [Test]
    public async Task A_hold_that_is_over_does_not_count_against_the_limit()
    {
        await bench.DisposeAsync();
        bench = await BookingBench.OpenAsync(("Booking:MaxTicketsPerBuyer", "2"));
        var (sale, lane, _) = await PublishAsync(20);
        var buyer = bench.NewId();
        await lane.TryAsync(bench.Place(sale, [1, 2], buyer: buyer));
        bench.Clock.Advance(bench.Options.Hold);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [3, 4], buyer: buyer))), Is.EqualTo("3,4"));
    }

    [Test]
    public async Task Nothing_of_a_canceled_event_is_sold_even_to_those_who_waited()
    {
        var (sale, lane, store) = await PublishAsync(5);
        store.Close();
        var first = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var waiting = lane.TryAsync(bench.Place(sale, [1]));
        bench.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await bench.Catalog.RefreshAsync(sale.Id, CancellationToken.None);
        store.Open();
        await first;

        Assert.That((await waiting).Error, Is.EqualTo(BookingErrors.EventCanceled));
    }

    [Test]
    public async Task Two_lanes_over_one_store_never_sell_a_ticket_twice()
    {
        var (sale, lane, store) = await PublishAsync(50);
        await using var rival = NewLane(store);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => (i % 2 == 0 ? lane : rival).TryAsync(bench.Place(sale, [1 + (i / 2 % 50)])))));

        Assert.That(outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value.Tickets[0].Number), Is.EquivalentTo(Enumerable.Range(1, 50)));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Error), Is.All.EqualTo(BookingErrors.TicketTaken));
        await AssertSoundAsync(store, claims: 50);
    }

    [Test]
    public async Task Best_available_recovers_when_another_lane_sells_the_same_event()
    {
        var (sale, lane, store) = await PublishAsync(200);
        await using var rival = NewLane(store);

        var outcomes = new List<Result<Order>>();
        for (var wave = 0; wave < 30; wave++)
        {
            outcomes.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? lane : rival).TryAsync(bench.Place(sale, null)))));
        }

        Assert.That(outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value.Tickets[0].Number), Is.EquivalentTo(Enumerable.Range(1, 200)));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Error), Is.All.EqualTo(BookingErrors.NotEnoughTickets));
        await AssertSoundAsync(store, claims: 200);
    }

    [Test]
    public async Task A_change_that_another_lane_made_meanwhile_is_decided_anew()
    {
        var (sale, lane, store) = await PublishAsync(1);
        await using var rival = NewLane(store);
        var order = (await lane.TryAsync(bench.Place(sale, null))).Value;
        var payments = Enumerable.Range(0, 40).Select(_ => bench.NewId()).ToList();

        await Task.WhenAll(payments.Select((payment, i) => UntilDoneAsync(i % 2 == 0 ? lane : rival, payment)));

        var refunds = store.Written.Where(write => write.Outcome == WriteOutcome.Written).SelectMany(write => write.Change.Refunds()).Select(due => due.PaymentId);
        Assert.That(refunds.Append((await bench.LoadAsync(order.Id)).PaymentId!.Value), Is.EquivalentTo(payments), "one payment is kept, each other one goes back");

        // A lane that always comes second gives up after a while, and whoever sent the message sends it again.
        async Task UntilDoneAsync(PurchaseLane through, Guid payment)
        {
            while ((await through.RunAsync(Confirm(order.Id, payment), CancellationToken.None)).Error is { } error)
            {
                Assert.That(error, Is.EqualTo(BookingErrors.Busy));
            }
        }
    }

    internal static ChangeItem Confirm(Guid orderId, Guid payment) => new(orderId, inbox: null, (order, now) => PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, now));

    internal static ChangeItem Cancel(Guid orderId) => new(orderId, inbox: null, (order, now) => OrderRules.Cancel(order, buyerId: null, default, "order-canceled", now));

    internal static ChangeItem Expire(Guid orderId) => new(orderId, inbox: null, (order, now) => OrderRules.Expire(order, order.PaymentId, now));

    /// <summary>An item that finds no order and so changes nothing.</summary>
    internal static ChangeItem Nothing() => new(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order));

    /// <summary>Hands all items in while the lane is held back, so that it takes them as one batch.</summary>
    internal static async Task<List<Task<Result<Order>>>> HandInAsync(PurchaseLane lane, WatchedStore store, IReadOnlyList<LaneItem> items)
    {
        store.Close();
        var first = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        List<Task<Result<Order>>> outcomes = [.. items.Select(lane.TryAsync)];
        store.Open();
        await first;
        return outcomes;
    }

    internal static async Task<IReadOnlyList<Result<Order>>> InOneBatchAsync(PurchaseLane lane, WatchedStore store, IReadOnlyList<LaneItem> items) =>
        await Task.WhenAll(await HandInAsync(lane, store, items));

    internal static string Text(Result<Order> outcome) => outcome.Error?.Code ?? string.Join(',', outcome.Value.Tickets.Select(ticket => ticket.Number));

    private static async Task AssertSoundAsync(WatchedStore store, int claims) => Assert.That(await store.CountClaimsAsync(), Is.EqualTo((0L, 0L, (long)claims)));

    private ChangeItem Begin(Order known, Guid payment) =>
        new(known.Id, inbox: null, (order, now) => PaymentRules.Begin(order, known.BuyerId, payment, now, bench.Options.Hold, bench.Options.PaymentTime));

    private PurchaseLane NewLane(IOrderStore store) => new(store, bench.Catalog, bench.Options, new SalesActivity(bench.Clock), bench.Get<LaneMetrics>(), bench.Clock, NullLogger.Instance);

    private async Task<(EventOnSale Sale, PurchaseLane Lane, WatchedStore Store)> PublishAsync(params int[] tickets)
    {
        var sale = bench.Events.Publish(tickets);
        var shard = await bench.ShardOfAsync(sale);
        return (await bench.OnSaleAsync(sale), shard.Lane, (WatchedStore)shard.Store);
    }
}
