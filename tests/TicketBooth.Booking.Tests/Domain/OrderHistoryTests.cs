using FsCheck;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Domain;

/// <summary>What holds after any commands in any order.</summary>
internal sealed class OrderHistoryTests
{
    private static readonly Actor Clerk = new(SampleOrder.NewId(), "Carla");
    private static readonly Actor Manager = new(SampleOrder.NewId(), "Marta");
    private static readonly Guid[] Payments = [SampleOrder.NewId(), SampleOrder.NewId(), SampleOrder.NewId()];

    [FsCheck.NUnit.Property(MaxTest = 3_000, EndSize = 60)]
    public void Tickets_and_total_never_change_and_the_counters_count(NonNull<byte[]> commands) => Run(commands.Get, (before, change, money) =>
    {
        var after = change.After;
        var unchanging = after with
        {
            Status = before.Status,
            ExpiresAt = before.ExpiresAt,
            PaidAt = before.PaidAt,
            EndedAt = before.EndedAt,
            PaymentId = before.PaymentId,
            PaymentStatus = before.PaymentStatus,
            RefundedPayments = before.RefundedPayments,
            Refunds = before.Refunds,
            Disputes = before.Disputes,
            Tickets = before.Tickets,
            Revision = before.Revision,
            Version = before.Version,
        };
        Assert.That(unchanging, Is.EqualTo(before));
        Assert.That(after.Tickets.Select(ticket => ticket with { Released = false }), Is.EqualTo(before.Tickets.Select(ticket => ticket with { Released = false })));
        Assert.That(after.Tickets.Zip(before.Tickets).All(pair => pair.First.Released || !pair.Second.Released), "what was released stays so");
        Assert.That(after.Returned, Is.InRange(money.ConsoleFailed ? 0 : before.Returned, after.Total));
        Assert.That(after.Version, Is.EqualTo(change.IsNothing ? before.Version : before.Version + 1));
        var told = change.Events.OfType<IOrderMessage>().ToList();
        Assert.That(after.Revision, Is.EqualTo(before.Revision + told.Count));
        Assert.That(told.Select(message => message.Revision), Is.EqualTo(Enumerable.Range(before.Revision + 1, told.Count)), "each message has a revision of its own");
        Assert.That(told.Select(message => (message.OrderId, message.EventId)), Is.All.EqualTo((after.Id, after.EventId)));
        Assert.That(told.LastOrDefault()?.Tickets.Select(ticket => ticket with { Disputed = false }), Is.Null.Or.EqualTo(after.Tickets));
        Assert.That(told.Count > 0, Is.EqualTo(before.Status != after.Status || Trouble(before) != Trouble(after)), "a status, a refund, its failure, a dispute, and nothing else, is told");
    });

    [FsCheck.NUnit.Property(MaxTest = 5_000, EndSize = 60)]
    public void The_history_names_each_refund_who_asked_for_it_and_why_in_the_order_of_the_decisions(NonNull<byte[]> commands) => Run(commands.Get, (before, change, money) =>
    {
        var refunds = change.After.Refunds;
        Assert.That(refunds.Take(before.Refunds.Count).Select(Kept), Is.EqualTo(before.Refunds.Select(Kept)), "what was decided is not rewritten");
        Assert.That(refunds.Select(refund => refund.Revision), Is.Unique.And.Ordered);
        Assert.That(refunds.Select(refund => refund.At), Is.Ordered);
        Assert.That(refunds.Select(refund => refund.Id), Is.Unique);
        foreach (var refund in refunds)
        {
            var asked = money.Asked.GetValueOrDefault(refund.Id);
            Assert.That((refund.By, asked is null || refund.Reason == asked.Reason), Is.EqualTo((asked?.By, true)), "who, and why");
            Assert.That(refund.Reason, Is.Not.Empty);
            Assert.That(refund.TicketIds.Except(change.After.Tickets.Select(ticket => ticket.Id)), Is.Empty);
        }

        Assert.That(refunds.Where(refund => refund.Released).SelectMany(refund => refund.TicketIds), Is.Unique, "a ticket is released once");
        Assert.That(refunds.Where(refund => !refund.ByGateway).Sum(refund => refund.Amount), Is.LessThanOrEqualTo(change.After.Total), "we ask for no cent twice");
    });

    [FsCheck.NUnit.Property(MaxTest = 5_000, EndSize = 60)]
    public void Captured_money_pays_the_order_or_goes_back(NonNull<byte[]> commands) => Run(commands.Get, (_, change, money) =>
    {
        var order = change.After;
        foreach (var payment in money.Confirmed)
        {
            var isKept = order.Status == OrderStatus.Paid && order.PaymentId == payment;
            // What staff gave back in parts, they asked for part by part: the order says how much.
            var endedByRefunds = order.PaymentId == payment && order.Status == OrderStatus.Refunded;
            var goesBack = money.RefundsSaid.Contains(payment) || money.TakenBack.Contains(payment) || endedByRefunds;
            var leftItsTickets = isKept && order.Returned == order.Total;
            Assert.That(leftItsTickets || isKept != goesBack, $"payment {payment} is kept: {isKept}, goes back: {goesBack}");
        }

        Assert.That(money.RefundsSaid, Is.Unique, "one refund is said once when messages are seen once");
        Assert.That(money.RefundsSaid.Except(money.Confirmed), Is.Empty, "only captured money goes back");
        if (order.Status == OrderStatus.Paid)
        {
            Assert.That(order.PaymentId, Is.Not.Null);
            Assert.That(money.Confirmed, Does.Contain(order.PaymentId!.Value));
            Assert.That(order.PaymentStatus, Is.EqualTo(OrderPaymentStatus.Paid).Or.EqualTo(OrderPaymentStatus.Refunded));
            Assert.That(order.PaymentStatus == OrderPaymentStatus.Paid || order.Returned == order.Total, "all of it is back, and the buyer kept tickets");
        }
    });

    [FsCheck.NUnit.Property(MaxTest = 3_000, EndSize = 60)]
    public void A_hold_with_a_payment_under_way_is_let_go_only_when_settled(NonNull<byte[]> commands) => Run(commands.Get, (before, change, money) =>
    {
        if (change.After.Status == OrderStatus.Expired && before.Status == OrderStatus.OnPayment)
        {
            Assert.That(before.ExpiresAt, Is.LessThanOrEqualTo(money.Now));
            // Money that comes when the event is over ends the order itself.
            Assert.That(before.PaymentIsUnderWay && money.Settled != before.PaymentId && money.LastConfirmed is null, Is.False);
        }
    });

    [FsCheck.NUnit.Property(MaxTest = 3_000, EndSize = 60)]
    public void A_confirmation_that_comes_again_at_once_changes_nothing_that_matters(NonNull<byte[]> commands) => Run(commands.Get, (_, change, money) =>
    {
        if (money.LastConfirmed is { } payment)
        {
            var again = PaymentRules.Confirm(change.After, payment, money.EventIsCanceled, money.EventHasEnded, money.Now);

            // Of a payment that another one made superfluous the order keeps no record: its refund is said again, which the contract allows.
            Assert.That(again.After with { Version = change.After.Version }, Is.EqualTo(change.After));
            Assert.That(again.Told(), Is.Null);
            Assert.That(again.Refunds().Select(due => due.PaymentId), Is.SubsetOf(money.RefundsSaid));
        }
    });

    /// <summary>Plays the commands and checks every change. A confirmation that had its effect is not applied again: that is the inbox's part.</summary>
    private static void Run(byte[] commands, Action<Order, OrderChange, Money> check)
    {
        var order = SampleOrder.Placed();
        var money = new Money { Now = SampleOrder.Now };
        var saleClosesAt = SampleOrder.Now.AddHours(1);
        foreach (var command in commands)
        {
            var payment = Payments[command / 16 % Payments.Length];
            var flag = command / 48 % 2 == 0;
            money.Settled = null;
            money.LastConfirmed = null;
            money.ConsoleFailed = false;
            OrderChange? change = null;
            switch (command % 16)
            {
                case 0 or 1:
                    change = Decided(PaymentRules.Begin(order, order.BuyerId, payment, money.Now, SampleOrder.Hold, SampleOrder.PaymentTime));
                    break;
                case 2 or 3 or 4 when !money.Confirmed.Contains(payment):
                    change = PaymentRules.Confirm(order, payment, money.EventIsCanceled, money.EventHasEnded, money.Now);
                    change = change is { TakesTickets: true, IfTaken: { } otherwise } && flag ? otherwise : change;
                    money.LastConfirmed = payment;
                    money.Confirmed.Add(payment);
                    break;
                case 5:
                    change = PaymentRules.Decline(order, payment);
                    break;
                case 6:
                    money.Settled = flag ? payment : null;
                    change = OrderRules.Expire(order, money.Settled, money.Now);
                    break;
                case 7:
                    change = Decided(OrderRules.Cancel(order, flag ? order.BuyerId : null, new(saleClosesAt), "order-canceled", money.Now));
                    break;
                case 8:
                    // A dead letter that is replayed brings the confirmation after the refund.
                    change = PaymentRules.RecordRefund(order, payment, releasesTickets: true, money.Now);
                    money.TakenBack.Add(payment);
                    break;
                case 9:
                    money.EventIsCanceled |= flag;
                    break;
                case 10:
                    var terms = Terms(order, command, flag);
                    change = Decided(RefundRules.Refund(order, terms, money.Now));
                    if (change is not null)
                    {
                        money.Asked.TryAdd(terms.Id, terms);
                    }

                    break;
                case 11 when order.PaymentId is not null && order.Status is OrderStatus.Paid or OrderStatus.Refunded:
                    change = GatewayRefundRules.RecordPart(order, order.PaymentId!.Value, askedAs: null, $"re_{command / 48}", 1 + (order.Total / 7), money.Now);
                    break;
                case 12 or 13 when order.Refunds.Count > 0:
                    var refund = order.Refunds[command / 16 % order.Refunds.Count];
                    change = Turn(order, refund, flag, money);
                    break;
                case 14 when order.PaymentId is { } disputed:
                    change = DisputeRules.Record(order, disputed, $"dp_{command / 96}", (OrderDisputeState)(command / 16 % 3), order.Total, money.Now);
                    break;
                default:
                    money.Now += TimeSpan.FromMinutes(command / 16);
                    break;
            }

            if (change is not null)
            {
                money.RefundsSaid.AddRange(change.Refunds().Select(due => due.PaymentId));
                check(order, change, money);
                order = change.After;
            }
        }
    }

    /// <summary>A refund fails, if it is not the gateway's own also after it was done; one that failed is tried again, or paid back by hand.</summary>
    private static OrderChange Turn(Order order, OrderRefund refund, bool flag, Money money)
    {
        var payment = order.PaymentId!.Value;
        if (refund.Status != OrderRefundStatus.Failed)
        {
            money.ConsoleFailed = refund.ByGateway;
            money.TakenBack.Remove(payment);
            return GatewayRefundRules.RecordFailure(
                order, new FailedRefund(payment, refund.IsWhole ? payment : refund.Id, refund.ByGateway ? "re_x" : null, refund.Amount, "no", IsKept: true), money.Now);
        }

        return flag
            ? GatewayRefundRules.RecordAgain(order, payment, refund.Id, money.Now)
            : GatewayRefundRules.RecordPart(order, payment, refund.ByGateway ? SampleOrder.NewId() : refund.Id, "by-hand", refund.Amount, money.Now);
    }

    private static RefundTerms Terms(Order order, byte command, bool flag)
    {
        var ticket = order.Tickets[command / 16 % order.Tickets.Count].Id;
        return (command / 32 % 3) switch
        {
            0 => new(SampleOrder.NewId(), [ticket], null, flag, "One of them is ill.", Clerk),
            1 => new(SampleOrder.NewId(), null, 1 + (order.Total / 3), null, "A bad view.", Clerk),
            _ => new(SampleOrder.NewId(), null, null, flag, "All of it.", Manager),
        };
    }

    private static (int Failed, int Refunds, string Disputes) Trouble(Order order) =>
        (
            order.Refunds.Where(refund => refund.Status == OrderRefundStatus.Failed).Sum(refund => refund.Revision),
            order.Refunds.Count,
            string.Join(' ', order.Disputes.Select(dispute => $"{dispute.Id} {dispute.State}")));

    private static (Guid, int, long, string, DateTimeOffset, Actor?, bool, string) Kept(OrderRefund refund) =>
        (refund.Id, refund.Revision, refund.Amount, refund.Reason, refund.At, refund.By, refund.Released, string.Join(' ', refund.TicketIds));

    private static OrderChange? Decided(Result<OrderChange> decision) => decision.IsSuccess ? decision.Value : null;

    private sealed class Money
    {
        public DateTimeOffset Now { get; set; }

        public bool EventIsCanceled { get; set; }

        public bool EventHasEnded => Now >= SampleOrder.Now.AddMinutes(20);

        /// <summary>What the gateway was asked about by the last command.</summary>
        public Guid? Settled { get; set; }

        public Guid? LastConfirmed { get; set; }

        public HashSet<Guid> Confirmed { get; } = [];

        public List<Guid> RefundsSaid { get; } = [];

        public HashSet<Guid> TakenBack { get; } = [];

        /// <summary>What staff asked for, by the refund.</summary>
        public Dictionary<Guid, RefundTerms> Asked { get; } = [];

        /// <summary>By the last command, what the console gave back came back to the house.</summary>
        public bool ConsoleFailed { get; set; }
    }
}
