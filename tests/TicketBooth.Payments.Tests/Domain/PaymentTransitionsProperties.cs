using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Tests.Domain;

/// <summary>Whatever the gateway and Booking say, in whatever order and however often. Facts are drawn as small numbers.</summary>
[TestFixture]
public sealed class PaymentTransitionsProperties
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Captured_money_is_never_forgotten(byte[] story)
    {
        var facts = Facts(story);
        var (end, _) = Run(facts);
        var moneyMoved = facts.Any(fact => fact is PaymentFact.Captured or PaymentFact.Refunded);
        return moneyMoved == (end.Status is PaymentStatus.Paid or PaymentStatus.Refunded);
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Money_that_must_go_back_waits_for_its_refund_or_has_gone_back(byte[] story)
    {
        var facts = Facts(story);
        var (end, _) = Run(facts);
        var isDue = facts.Any(fact => fact is PaymentFact.RefundDue);
        return !isDue || (end.IsRefundDue && (end.Status != PaymentStatus.Paid || end.AwaitsRefund));
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool A_capture_and_a_refund_are_each_announced_once(byte[] story)
    {
        var facts = Facts(story);
        var (end, announcements) = Run(facts);
        var captured = facts.FindIndex(fact => fact is PaymentFact.Captured);
        var refunded = facts.FindIndex(fact => fact is PaymentFact.Refunded);
        var confirmations = captured >= 0 && (refunded < 0 || captured < refunded) ? 1 : 0;
        return announcements.Count(said => said == Announcement.Confirmed) == confirmations
            && announcements.Count(said => said == Announcement.Refunded) == (refunded >= 0 ? 1 : 0)
            && announcements.Count(said => said == Announcement.Declined) <= 1
            && (end.Status == PaymentStatus.Refunded) == (refunded >= 0);
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Hearing_everything_twice_changes_nothing(byte[] story)
    {
        var (once, said) = Run(Facts(story));
        var (twice, saidAgain) = Run([.. Facts(story).SelectMany(fact => new[] { fact, fact })]);
        return once == twice && said.SequenceEqual(saidAgain);
    }

    private static List<PaymentFact> Facts(byte[] story) => [.. story.Select(number => (PaymentFact)((number % 4) switch
    {
        0 => new PaymentFact.Captured(),
        1 => new PaymentFact.Declined("declined"),
        2 => new PaymentFact.Refunded(),
        _ => new PaymentFact.RefundDue("order-canceled"),
    }))];

    private static (Payment End, List<Announcement> Announcements) Run(List<PaymentFact> facts)
    {
        var payment = new Payment(Guid.Empty, Guid.Empty, PaymentMethod.Card, 100, "BRL", Now, Now);
        var announcements = new List<Announcement>();
        foreach (var fact in facts)
        {
            var step = PaymentTransitions.Apply(payment, fact, Now);
            payment = step.After;
            if (step.Announcement != Announcement.None)
            {
                announcements.Add(step.Announcement);
            }
        }

        return (payment, announcements);
    }
}
