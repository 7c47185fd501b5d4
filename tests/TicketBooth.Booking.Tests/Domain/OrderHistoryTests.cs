using FsCheck;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.Domain;

/// <summary>What holds after any commands in any order.</summary>
internal sealed class OrderHistoryTests
{
    private static readonly Guid[] Payments = [SampleOrder.NewId(), SampleOrder.NewId(), SampleOrder.NewId()];

    [FsCheck.NUnit.Property(MaxTest = 3_000, EndSize = 60)]
    public void Tickets_and_total_never_change_and_the_counters_count(NonNull<byte[]> commands) => Run(commands.Get, (before, change, _) =>
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
            Tickets = before.Tickets,
            Revision = before.Revision,
            Version = before.Version,
        };
        Assert.That(unchanging, Is.EqualTo(before));
        Assert.That(after.Tickets.Select(ticket => ticket with { Released = false }), Is.EqualTo(before.Tickets.Select(ticket => ticket with { Released = false })));
        Assert.That(after.Tickets.Zip(before.Tickets).All(pair => pair.First.Released || !pair.Second.Released), "what was released stays so");
        Assert.That(after.Returned, Is.InRange(before.Returned, after.Total));
        Assert.That(after.Version, Is.EqualTo(change.IsNothing ? before.Version : before.Version + 1));
        var told = change.Told();
        Assert.That(after.Revision, Is.EqualTo(told is null ? before.Revision : before.Revision + 1));
        if (told is not null)
        {
            Assert.That((told.OrderId, told.Revision, told.EventId), Is.EqualTo((after.Id, after.Revision, after.EventId)));
            Assert.That(told.Tickets, Is.EqualTo(after.Tickets));
        }

        Assert.That(told is not null, Is.EqualTo(before.Status != after.Status), "a change of status, and nothing else, is told");
    });

    [FsCheck.NUnit.Property(MaxTest = 5_000, EndSize = 60)]
    public void Captured_money_pays_the_order_or_goes_back(NonNull<byte[]> commands) => Run(commands.Get, (_, change, money) =>
    {
        var order = change.After;
        foreach (var payment in money.Confirmed)
        {
            var isKept = order.Status == OrderStatus.Paid && order.PaymentId == payment;
            var goesBack = money.RefundsSaid.Contains(payment) || money.TakenBack.Contains(payment);
            Assert.That(isKept, Is.Not.EqualTo(goesBack), $"payment {payment} is kept: {isKept}, goes back: {goesBack}");
        }

        Assert.That(money.RefundsSaid, Is.Unique, "one refund is said once when messages are seen once");
        Assert.That(money.RefundsSaid.Except(money.Confirmed), Is.Empty, "only captured money goes back");
        if (order.Status == OrderStatus.Paid)
        {
            Assert.That(order.PaymentId, Is.Not.Null);
            Assert.That(money.Confirmed, Does.Contain(order.PaymentId!.Value));
            Assert.That(order.PaymentStatus, Is.EqualTo(OrderPaymentStatus.Paid));
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
            var payment = Payments[command / 12 % Payments.Length];
            var flag = command / 36 % 2 == 0;
            money.Settled = null;
            money.LastConfirmed = null;
            OrderChange? change = null;
            switch (command % 12)
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
                default:
                    money.Now += TimeSpan.FromMinutes(command / 12);
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

    private static OrderChange? Decided(BuildingBlocks.Kernel.Result<OrderChange> decision) => decision.IsSuccess ? decision.Value : null;

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
    }
}
