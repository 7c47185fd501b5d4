using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Tests.Domain;

/// <summary>
/// A refund that the gateway refuses stays with staff. Whatever Booking wants back and the gateway says in between, no cent is asked for twice, and in the
/// end exactly what was due went out.
/// </summary>
[TestFixture]
internal sealed class RefusedRefundsProperties
{
    private const long Captured = 1_000;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    [FsCheck.NUnit.Property(MaxTest = 3_000)]
    public void No_more_goes_back_than_was_captured_and_in_the_end_what_was_due(int seed) => Play(seed, steps: 30);

    [Test]
    public void What_was_refused_in_part_is_not_asked_for_again_with_the_rest()
    {
        var part = Id(new Random(1));
        var refused = Tell(Tell(Paid(), new PaymentFact.PartialRefundDue(part, 300, "BRL", "refunded-by-staff")), new PaymentFact.RefundNotDone(part, "no", IsFinal: true));

        var whole = Tell(refused, new PaymentFact.RefundDue("event-canceled"));
        var given = Tell(whole, new PaymentFact.RefundAccepted(whole.Id, "re-1", 700, IsSettled: true));
        var byHand = Tell(given, new PaymentFact.PaidBackByHand(0, "TED 1", "Carla"));

        Assert.That(whole.Money.Refunds.Select(refund => (refund.Amount, refund.State)), Is.EqualTo(new[] { (300L, RefundState.Refused), (700L, RefundState.Asked) }));
        Assert.That((given.Status, byHand.Status), Is.EqualTo((PaymentStatus.RefundFailed, PaymentStatus.Refunded)));
        Assert.That(byHand.Money.ReturnedOf(byHand.Money.Paying!), Is.EqualTo(Captured));
    }

    [Test]
    public void What_the_console_gave_back_is_not_paid_back_by_hand_as_well()
    {
        var part = Id(new Random(1));
        var refused = Tell(Tell(Paid(), new PaymentFact.PartialRefundDue(part, 300, "BRL", "refunded-by-staff")), new PaymentFact.RefundNotDone(part, "no", IsFinal: true));

        var returned = PaymentTransitions.Apply(
            refused, Notice(refused, new GatewayFact.Refund(new GatewayRefund("re-9", null, "c1", Captured, "BRL", GatewayRefundState.Settled, null, Now))), Now).After;

        Assert.That(MoneyCases.Of(returned).First(one => one.Kind == MoneyCaseKind.RefundFailed).Choices, Is.EqualTo(new[] { MoneyCaseChoice.Note }));
        Assert.That(MoneyCases.Of(refused).Single().Choices, Is.EqualTo(new[] { MoneyCaseChoice.Refund, MoneyCaseChoice.PaidBackByHand }));
    }

    private static void Play(int seed, int steps)
    {
        var random = new Random(seed);
        var payment = Paid();
        var (parts, whole) = (0L, false);
        for (var i = 0; i < steps; i++)
        {
            PaymentFact? fact = null;
            switch (random.Next(8))
            {
                case 0 or 1 when !whole && parts < Captured:
                    var amount = random.NextInt64(1, Captured - parts + 1);
                    parts += amount;
                    fact = new PaymentFact.PartialRefundDue(Id(random), amount, "BRL", "refunded-by-staff");
                    break;
                case 2 when i > steps / 2:
                    whole = true;
                    fact = new PaymentFact.RefundDue("event-canceled");
                    break;
                case 3 or 4:
                    fact = Answer(payment, random);
                    break;
                case 5:
                    fact = One(payment, random, RefundState.Refused) is { } refused ? Dealt(payment, refused, random, random.Next(2) == 0) : null;
                    break;
                default:
                    payment = FailLate(payment, random);
                    break;
            }

            payment = fact is null ? payment : Tell(payment, fact);
            Check(payment);
        }

        while (One(payment, random, RefundState.Asked) is not null || One(payment, random, RefundState.Refused) is not null)
        {
            payment = Tell(
                payment,
                One(payment, random, RefundState.Asked) is { } asked
                    ? new PaymentFact.RefundAccepted(asked.KnownAs!.Value, $"re-{random.Next():x}", asked.Amount, IsSettled: true)
                    : Dealt(payment, One(payment, random, RefundState.Refused)!, random, byHand: true));
            Check(payment);
        }

        Assert.That(payment.Money.ReturnedOf(payment.Money.Paying!), Is.EqualTo(whole ? Captured : parts), "exactly what was due");
        Assert.That(payment.Status, Is.EqualTo(whole || parts == Captured ? PaymentStatus.Refunded : PaymentStatus.Paid));
    }

    private static void Check(Payment payment)
    {
        var money = payment.Money;
        var waits = money.Refunds.Where(refund => refund.WaitsForStaff).Sum(refund => refund.Amount);
        Assert.That(money.ReturnedOf(money.Paying!) + money.UnderWayOf(money.Paying!) + waits, Is.LessThanOrEqualTo(Captured), "given back, asked for, or with staff");
        Assert.That(MoneyFaults.Of(payment), Is.Empty);
    }

    /// <summary>The gateway does a refund, refuses it, or takes it and says nothing yet.</summary>
    private static PaymentFact? Answer(Payment payment, Random random) =>
        One(payment, random, RefundState.Asked) is not { KnownAs: { } id } asked ? null
        : random.Next(3) switch
        {
            0 => new PaymentFact.RefundNotDone(id, "no", IsFinal: true),
            1 => new PaymentFact.RefundAccepted(id, $"re-{random.Next():x}", asked.Amount, IsSettled: false),
            _ => new PaymentFact.RefundAccepted(id, $"re-{random.Next():x}", asked.Amount, IsSettled: true),
        };

    private static PaymentFact Dealt(Payment payment, Refund refused, Random random, bool byHand)
    {
        var index = payment.Money.Refunds.ToList().IndexOf(refused);
        return byHand ? new PaymentFact.PaidBackByHand(index, "TED 1", "Carla") : new PaymentFact.RefundTriedAgain(index, Id(random), "Carla");
    }

    /// <summary>A refund that the gateway had done comes back.</summary>
    private static Payment FailLate(Payment payment, Random random) =>
        One(payment, random, RefundState.Settled) is { } settled
            ? PaymentTransitions.Apply(
                payment,
                Notice(payment, new GatewayFact.Refund(new GatewayRefund(settled.ExternalId!, settled.KnownAs, "c1", settled.Amount, "BRL", GatewayRefundState.Refused, "closed account", Now))),
                Now).After
            : payment;

    private static Refund? One(Payment payment, Random random, RefundState state)
    {
        var some = payment.Money.Refunds.Where(refund => refund.State == state).ToList();
        return some.Count == 0 ? null : some[random.Next(some.Count)];
    }

    private static Guid Id(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static Payment Paid()
    {
        var payment = new Payment(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), PaymentMethod.Card, Captured, "BRL", Now, Now) { ExternalId = "c1" };
        return PaymentTransitions.Apply(payment, Notice(payment, new GatewayFact.Captured(new GatewayCapture("c1", Captured, "BRL", Now))), Now).After;
    }

    private static Payment Tell(Payment payment, PaymentFact fact) => PaymentTransitions.Apply(payment, fact, Now).After;

    private static GatewayNotice Notice(Payment payment, GatewayFact fact) => new("Sandbox", "c1", payment.Id, fact);
}
