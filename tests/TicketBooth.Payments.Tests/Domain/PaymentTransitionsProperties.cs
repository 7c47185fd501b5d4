using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Tests.Domain;

/// <summary>
/// Whatever the gateway and Booking say, in whatever order and however often: the end is the same, and nothing is said twice. Stories are all that
/// can be said of one payment, shuffled, with repeats.
/// </summary>
[TestFixture]
internal sealed class PaymentTransitionsProperties
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);
    private static readonly Payment New = new(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), PaymentMethod.Card, 100, "BRL", Now, Now) { ExternalId = "c1" };

    // One capture of the amount, two of others, a third party's refunds of each, a dispute, a decline; what Booking wants beside it.
    private static readonly object[] All =
    [
        Capture("c1", 100), Capture("c2", 101), Capture("c3", 100, "USD"), new GatewayFact.Declined("declined"),
        Refund("r1", "c1", 30), Refund("r2", "c1", 20), Refund("r3", "c2", 1), Refund("r4", "c3", 100),
        Dispute("d1", 10, DisputeState.Opened), Dispute("d1", 10, DisputeState.Lost), Dispute("d2", 5, DisputeState.Opened), Dispute("d2", 5, DisputeState.Won),
        new PaymentFact.RefundDue("order-canceled"), new PaymentFact.PartialRefundDue(Guid.Parse("0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d"), 15, "BRL", "by-ticket"),
    ];

    [FsCheck.NUnit.Property(MaxTest = 2_000)]
    public bool The_same_words_in_any_order_with_repeats_end_the_same(int told, int[] order)
    {
        var some = All.Where((_, i) => (told & (1 << i)) != 0).ToList();
        var shuffled = some.Concat(order.Where(_ => some.Count > 0).Select(i => some[(int)((uint)i % (uint)some.Count)]))
            .Select((fact, i) => (fact, key: order.Length == 0 ? -i : HashCode.Combine(order[i % order.Length], i)))
            .OrderBy(one => one.key)
            .Select(one => one.fact);

        return Shape(Run(some).End) == Shape(Run(shuffled).End);
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Two_captures_of_the_amount_leave_one_that_pays(int[] order)
    {
        object[] facts = [Capture("c1", 100), Capture("c2", 100)];
        var (end, said) = Run(order.Select(i => facts[(uint)i % 2]).Concat(facts));
        return end.Status == PaymentStatus.Paid
            && end.Money.Captures.Count(capture => capture.Pays) == 1
            && end.Money.Refunds.Single() is { Amount: 100, Reason: "paid-twice" } back
            && back.CaptureId != end.Money.Paying!.Id
            && said.OfType<PaymentConfirmed>().Count() == 1;
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Every_captured_cent_pays_or_goes_back_and_never_more_than_it(int[] story)
    {
        var (end, _) = Run(Facts(story));
        return end.Money.Captures.All(capture =>
        {
            var back = end.Money.Refunds.Where(refund => refund.CaptureId == capture.Id && refund.State != RefundState.Refused).Sum(refund => refund.Amount)
                + end.Money.LostOf(capture);
            // Other parties can give back in parts that we had asked for already: only what we ask for ourselves is bounded.
            var isBounded = end.Money.Refunds.Where(refund => refund is { IsOurs: true, State: RefundState.Asked, AskedAt: null } && refund.CaptureId == capture.Id)
                .All(refund => back <= capture.Amount);
            return isBounded && (capture.Pays && end.RefundReason is null || back >= capture.Amount);
        });
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Each_message_is_said_once(int[] story)
    {
        var (end, said) = Run(Facts(story));
        return said.OfType<PaymentConfirmed>().Count() <= 1
            && said.OfType<PaymentDeclined>().Count() <= 1
            && said.OfType<PaymentRefunded>().Count() == (end.Status == PaymentStatus.Refunded ? 1 : 0)
            && said.OfType<PaymentPartlyRefunded>().Select(part => part.RefundId).Distinct(StringComparer.Ordinal).Count() == said.OfType<PaymentPartlyRefunded>().Count()
            && said.OfType<PaymentDisputed>().Select(dispute => (dispute.DisputeId, dispute.State)).Distinct().Count() == said.OfType<PaymentDisputed>().Count();
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Hearing_everything_twice_changes_nothing(int[] story)
    {
        var (once, said) = Run(Facts(story));
        var (twice, saidAgain) = Run(Facts(story).SelectMany(fact => new[] { fact, fact }));
        return once == twice && said.SequenceEqual(saidAgain);
    }

    private static IEnumerable<object> Facts(int[] story) => story.Select(i => All[(uint)i % (uint)All.Length]);

    /// <summary>What must not depend on the order: status, which captures pay, and what goes back of each.</summary>
    private static string Shape(Payment payment) =>
        string.Join(
            "; ",
            new[] { payment.Status.ToString() }
                .Concat(payment.Money.Captures.Select(capture => $"{capture.Id} {capture.Amount} {capture.Pays}").Order(StringComparer.Ordinal))
                .Concat(payment.Money.Refunds.Select(refund => $"{refund.Id} {refund.CaptureId} {refund.Amount} {refund.Reason} {refund.State}").Order(StringComparer.Ordinal))
                .Concat(payment.Money.Disputes.Select(dispute => $"{dispute.Id} {dispute.State}").Order(StringComparer.Ordinal)));

    private static (Payment End, List<IIntegrationEvent> Said) Run(IEnumerable<object> facts)
    {
        var (payment, said) = (New, new List<IIntegrationEvent>());
        foreach (var fact in facts)
        {
            var step = fact is PaymentFact ours
                ? PaymentTransitions.Apply(payment, ours, Now)
                : PaymentTransitions.Apply(payment, new GatewayNotice("Sandbox", "c1", payment.Id, (GatewayFact)fact), Now);
            payment = step.After;
            said.AddRange(step.Messages);
        }

        return (payment, said);
    }

    private static GatewayFact Capture(string id, long amount, string currency = "BRL") => new GatewayFact.Captured(new GatewayCapture(id, amount, currency, Now));

    private static GatewayFact Refund(string id, string capture, long amount) =>
        new GatewayFact.Refund(new GatewayRefund(id, null, capture, amount, "BRL", GatewayRefundState.Settled, null, Now));

    private static GatewayFact Dispute(string id, long amount, DisputeState state) =>
        new GatewayFact.Dispute(new GatewayDispute(id, "c1", amount, "BRL", state, null, Now));
}
