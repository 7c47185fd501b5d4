using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Tests.Storage;

/// <summary>What every <see cref="IPaymentStore"/> must do, whatever it is made of.</summary>
internal abstract class PaymentStoreContract
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, 123, TimeSpan.Zero);

    protected abstract IPaymentStore Store { get; }

    /// <summary>Closes the store and opens it again on what it kept.</summary>
    protected abstract Task ReopenAsync();

    /// <summary>The same data as another host has it open.</summary>
    protected abstract IPaymentStore OpenAnother();

    /// <summary>Keeps what the store says to other modules, so that tests can read it.</summary>
    protected abstract Task ListenAsync();

    /// <summary>What the store has said since and nobody was given.</summary>
    protected abstract Task<IReadOnlyList<OutboxEntry>> SaidAsync();

    /// <summary>Everybody is given what was said so far.</summary>
    protected abstract Task DeliverAsync();

    /// <summary>Completes when the store wakes its relay; waits from the call on.</summary>
    protected abstract Task WaitForMessageAsync();

    [Test]
    public async Task Gives_back_a_payment_as_it_was_kept()
    {
        var card = NewPayment();
        var pix = NewPayment() with
        {
            Method = PaymentMethod.Pix,
            Currency = "USD",
            Status = PaymentStatus.Declined,
            ExternalId = "ext",
            DeclineReason = "declined",
            RefundReason = "tickets-gone",
            ChangedAt = Now.AddSeconds(1),
            DeclinedAt = Now.AddSeconds(2),
            CapturedAt = Now.AddSeconds(3),
        };
        await Store.AddAsync(card);
        await Store.AddAsync(pix);

        await ReopenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Store.FindAsync(card.Id), Is.EqualTo(card));
            Assert.That(await Store.FindAsync(pix.Id), Is.EqualTo(pix));
            Assert.That(await Store.FindAsync(Guid.CreateVersion7(Now)), Is.Null);
        }
    }

    [Test]
    public async Task Of_requests_that_store_one_payment_at_once_one_does()
    {
        await ListenAsync();
        var payment = NewPayment();
        var stores = new[] { Store, OpenAnother() };

        var added = await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        var mine = payment with { Amount = i };
                        var started = new PaymentStarted(mine.Id, mine.OrderId, mine.Method, mine.Amount, "BRL", Now);
                        return (mine.Amount, IsAdded: await stores[i % 2].AddAsync(mine, MessageCodec.Encode(started, mine.OrderId, Now)));
                    })
                )
        );

        var winner = added.Single(one => one.IsAdded);
        Assert.That((await Store.FindAsync(payment.Id))?.Amount, Is.EqualTo(winner.Amount));
        Assert.That(Messages.Read<PaymentStarted>((await SaidAsync()).Single()).Amount, Is.EqualTo(winner.Amount));
    }

    [Test]
    public async Task Writes_a_change_and_its_announcement_together()
    {
        await ListenAsync();
        var payment = NewPayment();
        await Store.AddAsync(payment);

        var changed = await Store.ChangeAsync(payment.Id, Capture("ext-1"));
        await ReopenAsync();

        var kept = await Store.FindAsync(payment.Id);
        var entry = (await SaidAsync()).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(changed.Value, Is.EqualTo(new Changed(kept!, Repeated: false, Contradiction: false)));
            Assert.That(kept, Is.EqualTo(payment with { Status = PaymentStatus.Paid, ExternalId = "ext-1", ChangedAt = Now.AddMinutes(1), CapturedAt = Now.AddMinutes(1) }));
            Assert.That(entry.Key, Is.EqualTo(payment.OrderId));
            Assert.That(
                Messages.Read<PaymentConfirmed>(entry), Is.EqualTo(new PaymentConfirmed(payment.Id, payment.OrderId, payment.Amount, "BRL", Now.AddMinutes(1))));
        }
    }

    [Test]
    public async Task Wakes_the_relay_when_there_is_something_to_say()
    {
        await ListenAsync();
        var payment = NewPayment();
        await Store.AddAsync(payment);
        var woken = WaitForMessageAsync();
        Assert.That(woken.IsCompleted, Is.False);

        await Store.ChangeAsync(payment.Id, Capture("ext-1"));

        Assert.That(async () => await woken.WaitAsync(TimeSpan.FromMinutes(1)), Throws.Nothing);
    }

    [Test]
    public async Task Writes_nothing_when_the_decision_refuses()
    {
        await ListenAsync();
        var payment = NewPayment();
        await Store.AddAsync(payment);

        var refused = await Store.ChangeAsync(payment.Id, _ => PaymentsErrors.CaseChoice, new Delivery.Webhook("msg_1", Now));
        var unknown = await Store.ChangeAsync(Guid.CreateVersion7(Now), Capture("ext-1"), new Delivery.Webhook("msg_1", Now));

        // The delivery was not marked either: once it makes sense it has its effect.
        var later = await Store.ChangeAsync(payment.Id, Capture("ext-1"), new Delivery.Webhook("msg_1", Now));
        var said = await SaidAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Error, Is.EqualTo(PaymentsErrors.CaseChoice));
            Assert.That(unknown.Error, Is.EqualTo(PaymentsErrors.NotFound));
            Assert.That(later.Value.Repeated, Is.False);
            Assert.That(said, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_delivery_has_its_effect_once_also_after_a_restart()
    {
        await ListenAsync();
        var payment = NewPayment();
        await Store.AddAsync(payment);
        var key = new InboxKey("Consumer", Guid.CreateVersion7(Now));
        Delivery[] deliveries = [new Delivery.Webhook("msg_1", Now), new Delivery.Message(key, Now), new Delivery.Webhook("msg_2", Now)];

        var repeated = new List<bool>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var delivery in deliveries)
            {
                repeated.Add((await Store.ChangeAsync(payment.Id, SayAgain, delivery)).Value.Repeated);
            }

            await ReopenAsync();
        }

        var said = await SaidAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(repeated, Is.EqualTo(new[] { false, false, false, true, true, true }));
            Assert.That(said, Has.Count.EqualTo(3));
        }
    }

    [Test]
    public async Task The_same_webhook_fifty_times_at_once_has_one_effect() => Assert.That(await EffectsOfFiftyAsync(), Is.EqualTo(1));

    [Test]
    public async Task The_same_webhook_at_two_hosts_fifty_times_at_once_has_one_effect() => Assert.That(await EffectsOfFiftyAsync(OpenAnother()), Is.EqualTo(1));

    [Test]
    public async Task Of_changes_that_two_hosts_make_at_once_none_is_lost()
    {
        await ListenAsync();
        var payment = NewPayment();
        await Store.AddAsync(payment);
        IPaymentStore[] hosts = [Store, OpenAnother()];

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => hosts[i % 2].ChangeAsync(
            payment.Id, before => new Step(before with { RefundReason = before.RefundReason + "x" }, Confirmed(before))))));

        Assert.That((await Store.FindAsync(payment.Id))!.RefundReason, Has.Length.EqualTo(30));
        Assert.That(await SaidAsync(), Has.Count.EqualTo(30));
    }

    [Test]
    public async Task What_one_host_wrote_another_reads_at_once()
    {
        var payment = NewPayment();
        await Store.AddAsync(payment);
        var other = OpenAnother();

        await other.ChangeAsync(payment.Id, Capture("ext-1"));

        Assert.That((await Store.FindAsync(payment.Id))!.Status, Is.EqualTo(PaymentStatus.Paid));
    }

    [Test]
    public async Task Forgets_old_deliveries_and_keeps_the_newer()
    {
        var payment = NewPayment();
        await Store.AddAsync(payment);
        Delivery[] deliveries =
        [
            new Delivery.Webhook("old", Now), new Delivery.Message(new InboxKey("Consumer", Guid.CreateVersion7(Now)), Now),
            new Delivery.Webhook("new", Now.AddDays(2)), new Delivery.Message(new InboxKey("Consumer", Guid.CreateVersion7(Now.AddDays(2))), Now.AddDays(2)),
        ];
        foreach (var delivery in deliveries)
        {
            await Store.ChangeAsync(payment.Id, SayAgain, delivery);
        }

        await Store.ForgetDeliveriesAsync(Now.AddDays(1));

        var repeated = new List<bool>();
        foreach (var delivery in deliveries)
        {
            repeated.Add((await Store.ChangeAsync(payment.Id, SayAgain, delivery)).Value.Repeated);
        }

        Assert.That(repeated, Is.EqualTo(new[] { false, false, true, true }));
    }

    [Test]
    public async Task Lists_captured_payments_whose_money_must_go_back()
    {
        var due = Enumerable.Range(0, 5).Select(_ => NewPayment() with { Status = PaymentStatus.Paid, RefundReason = "event-canceled" }).ToList();
        Payment[] others =
        [
            NewPayment() with { Status = PaymentStatus.Paid },
            NewPayment() with { RefundReason = "event-canceled" },
            NewPayment() with { Status = PaymentStatus.Refunded, RefundReason = "event-canceled" },
        ];
        foreach (var payment in due.Concat(others))
        {
            await Store.AddAsync(payment);
        }

        var first = await Store.ListAwaitingRefundAsync(Guid.Empty, 3);
        var rest = await Store.ListAwaitingRefundAsync(first[^1], 3);
        var expected = due.Select(payment => payment.Id).OrderBy(id => id.ToString("N"), StringComparer.Ordinal).ToList();
        Assert.That(first.Concat(rest), Is.EqualTo(expected));

        await Store.ChangeAsync(expected[0], payment => new Step(payment with { Status = PaymentStatus.Refunded }));
        await Store.ChangeAsync(others[0].Id, payment => new Step(payment with { RefundReason = "order-canceled" }));
        Assert.That(
            await Store.ListAwaitingRefundAsync(Guid.Empty, 10),
            Is.EqualTo(expected.Skip(1).Append(others[0].Id).OrderBy(id => id.ToString("N"), StringComparer.Ordinal)));
    }

    [Test]
    public async Task Keeps_all_money_of_a_payment_and_lists_it_for_staff()
    {
        var plain = NewPayment() with { Status = PaymentStatus.Paid, ExternalId = "ext-1", CapturedAt = Now };
        var odd = (NewPayment() with { Gateway = "Stripe", BuyerId = Guid.CreateVersion7(Now), ExternalId = "pi-1" }).With(new MoneyOnRecord(
            [new Capture("ch-1", 12_501, "BRL", Now, Pays: false, ExternalId: "pi-2")],
            [
                new Refund(Guid.CreateVersion7(Now), "ch-1", 12_501, "BRL", "other-amount", RefundState.Refused)
                {
                    AskedAs = Guid.CreateVersion7(Now), ExternalId = "re-1", Tries = 8, AskedAt = Now, EndedAt = Now.AddMinutes(1), Failure = "no funds", By = "Carla", Reference = "TED",
                },
            ],
            [new Dispute("dp-1", "ch-1", 12_501, "BRL", DisputeState.Lost, "fraudulent", Now, "noted")])
        {
            NextAction = new NextAction("redirect", "https://bank.example", "secret"),
            PixCode = "000201",
        });
        var settled = odd with { Id = Guid.CreateVersion7(Now), Recorded = odd.Recorded! with { Refunds = [odd.Recorded!.Refunds[0] with { State = RefundState.Settled, Note = "x" }] } };
        var due = odd with { Id = Guid.CreateVersion7(Now), Recorded = odd.Recorded! with { Refunds = [odd.Recorded!.Refunds[0] with { State = RefundState.Asked }] } };
        foreach (var payment in new[] { plain, odd, settled, due })
        {
            await Store.AddAsync(payment);
        }

        await ReopenAsync();

        foreach (var payment in new[] { plain, odd, settled, due })
        {
            Assert.That(await Store.FindAsync(payment.Id), Is.EqualTo(payment));
        }

        Assert.That((await Store.ListCasesAsync(openOnly: true, null, 10)).Select(payment => payment.Id), Is.EqualTo(new[] { odd.Id }));
        Assert.That(
            (await Store.ListCasesAsync(openOnly: false, null, 10)).Select(payment => payment.Id),
            Is.EqualTo(new[] { odd.Id, settled.Id, due.Id }.OrderByDescending(id => id.ToString("N"), StringComparer.Ordinal)));
        Assert.That(await Store.ListAwaitingRefundAsync(Guid.Empty, 10), Is.EqualTo(new[] { due.Id }));
        await Store.ChangeAsync(odd.Id, payment => new Step(payment with { Recorded = null }));
        Assert.That(await Store.ListCasesAsync(openOnly: true, null, 10), Is.Empty);
        Assert.That((await Store.FindAsync(odd.Id))!.Recorded, Is.Null);
    }

    [Test]
    public async Task Lists_what_a_gateway_is_to_be_told_to_end_the_longest_due_first()
    {
        Payment GivenUpAt(DateTimeOffset nextTry) =>
            NewPayment().With(MoneyOnRecord.None with { PixCode = "000201", GivenUp = new GivenUp(Now, nextTry) });
        Payment[] due = [GivenUpAt(Now), GivenUpAt(Now.AddTicks(1)), GivenUpAt(Now.AddHours(1))];
        Payment[] others = [GivenUpAt(Now.AddHours(1).AddTicks(1)), NewPayment(), NewPayment().With(MoneyOnRecord.None with { PixCode = "000201" })];
        foreach (var payment in others.Concat(due.Reverse()))
        {
            await Store.AddAsync(payment);
        }

        await ReopenAsync();

        Assert.That(await Store.ListGivenUpAsync(Now.AddHours(1), 10), Is.EqualTo(due));
        Assert.That(await Store.ListGivenUpAsync(Now.AddHours(1), 2), Is.EqualTo(due[..2]));

        await Store.ChangeAsync(due[0].Id, payment => PaymentTransitions.Apply(payment, new PaymentFact.NotEnded(), Now.AddHours(2)));
        await Store.ChangeAsync(due[1].Id, payment => PaymentTransitions.Apply(payment, new PaymentFact.Declined("canceled"), Now.AddHours(2)));
        Assert.That((await Store.ListGivenUpAsync(Now.AddHours(1), 10)).Select(payment => payment.Id), Is.EqualTo(new[] { due[2].Id }));
        Assert.That((await Store.FindAsync(due[1].Id))!.Recorded, Is.Null);
    }

    [Test]
    public async Task Lists_payments_whose_money_moved_in_a_time()
    {
        var (from, to) = (Now, Now.AddDays(1));
        var paid = NewPayment() with { Status = PaymentStatus.Paid, ExternalId = "ext-1", CapturedAt = from };
        var refunded = MadeAt(from.AddDays(-60)) with { Status = PaymentStatus.Refunded, ExternalId = "ext-2", CapturedAt = from.AddDays(-60), ChangedAt = to.AddTicks(-1) };
        var partly = MadeAt(from.AddDays(-60)).With(new MoneyOnRecord(
            [new Capture("ch-1", 1, "BRL", from.AddDays(-60), Pays: false)],
            [new Refund(null, "ch-1", 1, "BRL", "other-amount", RefundState.Settled) { ExternalId = "re-1", EndedAt = from }],
            []));
        Payment[] others =
        [
            NewPayment(),
            NewPayment() with { Status = PaymentStatus.Paid, ExternalId = "ext-3", CapturedAt = to },
            MadeAt(from.AddDays(-1)) with { Status = PaymentStatus.Paid, ExternalId = "ext-4", CapturedAt = from.AddTicks(-1) },
            MadeAt(from.AddDays(-60)) with { Status = PaymentStatus.Refunded, ExternalId = "ext-5", CapturedAt = from.AddDays(-60), ChangedAt = to },
            MadeAt(from.AddDays(-60)) with
            {
                Recorded = partly.Recorded! with { Refunds = [partly.Recorded!.Refunds[0] with { EndedAt = from.AddTicks(-1) }] },
            },
        ];
        foreach (var payment in others.Append(paid).Append(refunded).Append(partly))
        {
            await Store.AddAsync(payment);
        }

        var first = await Store.ListMovedAsync(from, to, Guid.Empty, 2);
        var rest = await Store.ListMovedAsync(from, to, first[^1].Id, 2);

        var expected = new[] { paid, refunded, partly }.OrderBy(payment => payment.Id.ToString("N"), StringComparer.Ordinal);
        Assert.That(first.Concat(rest), Is.EqualTo(expected));
    }

    [Test]
    public async Task Pages_through_all_payments_by_id_and_says_what_has_messages_waiting()
    {
        await ListenAsync();
        var payments = Enumerable.Range(0, 5).Select(_ => NewPayment()).ToList();
        foreach (var payment in payments)
        {
            await Store.AddAsync(payment);
        }

        await Store.ChangeAsync(payments[1].Id, Capture("ext-1"));

        var first = await Store.ListAsync(Guid.Empty, 3);
        var rest = await Store.ListAsync(first[^1].Payment.Id, 3);
        var some = await Store.FindAsync([payments[1].Id, payments[3].Id, Guid.CreateVersion7(Now)]);
        await DeliverAsync();
        var delivered = await Store.FindAsync([payments[1].Id]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                first.Concat(rest).Select(stored => stored.Payment.Id), Is.EqualTo(payments.Select(payment => payment.Id).OrderBy(id => id.ToString("N"), StringComparer.Ordinal)));
            Assert.That(first.Concat(rest).Where(stored => stored.HasPendingMessages).Select(stored => stored.Payment.Id), Is.EqualTo(new[] { payments[1].Id }));
            Assert.That(some.ToDictionary(stored => stored.Payment.Id, stored => stored.HasPendingMessages), Is.EquivalentTo(new Dictionary<Guid, bool>
            {
                [payments[1].Id] = true,
                [payments[3].Id] = false,
            }));
            Assert.That(delivered.Single().HasPendingMessages, Is.False);
        }
    }

    /// <summary>How many of fifty deliveries of one webhook at once had an effect; the decision itself would let each of them have one.</summary>
    /// <param name="another">Takes every other one of them.</param>
    protected async Task<int> EffectsOfFiftyAsync(IPaymentStore? another = null)
    {
        await ListenAsync();
        var payment = NewPayment();
        await Store.AddAsync(payment);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var webhook = new Delivery.Webhook("msg_1", Now);
        IPaymentStore[] hosts = [Store, another ?? Store];
        var senders = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            await go.Task;
            return await hosts[i % 2].ChangeAsync(payment.Id, SayAgain, webhook);
        })).ToList();

        go.SetResult();
        var outcomes = await Task.WhenAll(senders);

        var effects = (await SaidAsync()).Count;
        Assert.That(outcomes.Count(outcome => !outcome.Value.Repeated), Is.EqualTo(effects));
        return effects;
    }

    [Test]
    public async Task Lists_the_declines_of_an_order_and_those_of_its_buyer_since_a_time()
    {
        var (order, buyer) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));
        Payment Declined(Guid of, Guid by, int minutes, string reason) =>
            NewPayment() with { OrderId = of, BuyerId = by, Status = PaymentStatus.Declined, DeclineReason = reason, DeclinedAt = Now.AddMinutes(minutes) };
        Payment[] all =
        [
            Declined(order, buyer, 1, "of-order-long-ago"), Declined(order, buyer, 9, "of-order"), Declined(Guid.CreateVersion7(Now), buyer, 9, "of-buyer"),
            Declined(Guid.CreateVersion7(Now), buyer, 5, "of-buyer-at-the-time"), Declined(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), 9, "of-another"),
            Declined(order, buyer, 9, "captured-after-all") with { Status = PaymentStatus.Paid, CapturedAt = Now.AddMinutes(9), ExternalId = "ext-1" },
            NewPayment() with { OrderId = order, BuyerId = buyer },
        ];
        foreach (var payment in all)
        {
            await Store.AddAsync(payment);
        }

        await ReopenAsync();
        var found = await Store.ListDeclinesAsync(order, buyer, Now.AddMinutes(5));

        Assert.That(found.Select(one => one.Reason), Is.EquivalentTo(new[] { "of-order-long-ago", "of-order", "of-buyer" }));
        Assert.That(found.Single(one => one.Reason == "of-buyer"), Is.EqualTo(new Decline(all[2].OrderId, "of-buyer", Now.AddMinutes(9), all[2].HoldExpiresAt)));
        Assert.That(await Store.ListDeclinesAsync(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), Now), Is.Empty);
    }

    [Test]
    public async Task Lists_every_payment_of_orders_that_was_ever_declined()
    {
        var (first, second, other) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));
        var declined = NewPayment() with { OrderId = first, Status = PaymentStatus.Declined, DeclineReason = "declined", DeclinedAt = Now };
        var captured = NewPayment() with { OrderId = second, Status = PaymentStatus.Paid, DeclineReason = "declined", DeclinedAt = Now, CapturedAt = Now, ExternalId = "ext-9" };
        foreach (var payment in new[] { declined, captured, NewPayment() with { OrderId = first }, declined with { Id = Guid.CreateVersion7(Now), OrderId = other } })
        {
            await Store.AddAsync(payment);
        }

        await ReopenAsync();

        Assert.That(await Store.ListDeclinedOfAsync([first, second]), Is.EquivalentTo(new[] { declined, captured }));
        Assert.That(await Store.ListDeclinedOfAsync([]), Is.Empty);
    }

    private static Payment MadeAt(DateTimeOffset time) => NewPayment() with { Id = Guid.CreateVersion7(time), CreatedAt = time };

    protected static Payment NewPayment() =>
        new(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), PaymentMethod.Card, 12_500, "BRL", Now.AddMinutes(15), Now);

    private protected static Func<Payment, Result<Step>> Capture(string externalId) => payment =>
        PaymentTransitions.Apply(payment, new GatewayNotice(payment.Gateway, externalId, payment.Id, new GatewayFact.Captured(new GatewayCapture(externalId, payment.Amount, payment.Currency, Now))), Now.AddMinutes(1));

    /// <summary>Unlike the real decisions, says something each time it runs: what holds with it does not hold by luck.</summary>
    private static Result<Step> SayAgain(Payment payment) => new Step(payment, Confirmed(payment));

    private static IReadOnlyList<IIntegrationEvent> Confirmed(Payment payment) => [new PaymentConfirmed(payment.Id, payment.OrderId, payment.Amount, payment.Currency, Now)];
}
