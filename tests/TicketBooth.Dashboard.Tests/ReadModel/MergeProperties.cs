using System.Text.Json;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Tests.ReadModel;

/// <summary>Messages come twice, late and in any order; the rows and the sums are those of the messages in order.</summary>
internal sealed class MergeProperties
{
    // Its days are not UTC's.
    private static readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Stories)], MaxTest = 500)]
    public void Any_arrival_of_orders_gives_the_rows_of_their_lives(OrderStories stories)
    {
        var (rows, _) = TakeIn(stories.Arrivals);

        Assert.That(rows.Values.Select(Text), Is.EquivalentTo(stories.Lives.Select(life => Text(life.Row))));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Stories)], MaxTest = 500)]
    public void Any_arrival_of_orders_gives_the_sums_of_the_messages_in_order(OrderStories stories)
    {
        Assert.That(Lines(TakeIn(stories.Arrivals).Sums), Is.EqualTo(Lines(TakeIn(stories.InOrder).Sums)));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Stories)], MaxTest = 500)]
    public void While_the_first_message_is_missing_the_others_give_one_row_in_any_order(OrderStories stories)
    {
        var late = TakeIn(stories.Arrivals.Where(said => said.Revision > 1)).Rows.Values;
        var inOrder = TakeIn(stories.InOrder.Where(said => said.Revision > 1)).Rows.Values;

        Assert.That(late.Select(Text), Is.EquivalentTo(inOrder.Select(Text)));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Stories)], MaxTest = 500)]
    public void Sums_are_those_of_the_final_rows(OrderStories stories)
    {
        var (rows, sums) = TakeIn(stories.Arrivals);

        Assert.That(Lines(sums), Is.EqualTo(Lines(SumsOf(rows.Values, zone))));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Stories)], MaxTest = 500)]
    public void Sums_are_what_happened(OrderStories stories)
    {
        var sums = TakeIn(stories.Arrivals).Sums;
        var (paid, ended) = (stories.Lives.Where(life => life.WasPaid).ToList(), stories.Lives.ToLookup(life => life.Last.Status));
        var lapsed = ended[OrderStatus.Expired].Concat(ended[OrderStatus.Canceled]).ToList();
        var refunded = ended[OrderStatus.Refunded].ToList();
        var happened = new SalesFigures
        {
            OrdersPlaced = stories.Lives.Count,
            OrdersPaid = paid.Count,
            OrdersLapsed = lapsed.Count,
            OrdersRefunded = refunded.Count,
            Taken = stories.Lives.Sum(life => life.Tickets),
            Sold = paid.Sum(life => life.Tickets),
            Lapsed = lapsed.Sum(life => life.Tickets),
            Refunded = paid.Sum(life => life.Released),
            Revenue = paid.Sum(life => life.Money),
            Returned = paid.Sum(life => life.Returned),
            Disputes = stories.Lives.Sum(life => life.Disputes.Count),
        };

        Assert.That(happened.NetSold, Is.EqualTo(ended[OrderStatus.Paid].Sum(life => life.Tickets - life.Released)));
        Assert.That(happened.OnPayment, Is.EqualTo(ended[OrderStatus.OnPayment].Sum(life => life.Tickets)));
        foreach (var span in Enum.GetValues<SalesSpan>())
        {
            Assert.That(Whole(sums.Where(sum => sum.Key.Span == span && sum.Key.TierId == Guid.Empty)), Is.EqualTo(happened), $"{span}, orders");

            // An order counts once in each tier that it has tickets of.
            var byTier = Whole(sums.Where(sum => sum.Key.Span == span && sum.Key.TierId != Guid.Empty));
            Assert.That(
                (byTier.Taken, byTier.Sold, byTier.Lapsed, byTier.Refunded, byTier.Revenue, byTier.Returned),
                Is.EqualTo((happened.Taken, happened.Sold, happened.Lapsed, happened.Refunded, happened.Revenue, happened.Returned)),
                $"{span}, tiers");
        }
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(Stories)], MaxTest = 1_000)]
    public void Any_arrival_of_a_payment_gives_the_row_of_its_life(PaymentStory story)
    {
        Assert.That(Text(TakeIn(story.InOrder)), Is.EqualTo(Text(story.Row)), "in order");
        Assert.That(Text(TakeIn(story.Arrivals)), Is.EqualTo(Text(story.Row)), "as they arrive");
    }

    [Test]
    public void The_ledgers_word_replaces_a_row_that_claims_to_be_newer()
    {
        var order = Stories.Tell([7], shuffle: 7).Lives[0].Placed;
        var damaged = order.Merge(null, 0) with { Revision = 99, Status = OrderStatus.Refunded, EndedAt = Stories.Start };
        var payment = new PaymentUpdate(Guid.CreateVersion7(), order.OrderId, PaymentStatus.Paid, Stories.Start, PaymentMethod.Card, 700, "BRL", Stories.Start, IsLedger: true);
        var wrong = payment.Merge(null, 0) with { Status = PaymentStatus.Refunded, Amount = 1, Currency = "USD", Method = PaymentMethod.Pix };

        Assert.That(Text((order with { IsLedger = true }).Merge(damaged, 0)), Is.EqualTo(Text(order.Merge(null, 0))));
        Assert.That(Text(payment.Merge(wrong, 0)), Is.EqualTo(Text(payment.Merge(null, 0))));
    }

    [Test]
    public void The_ledger_of_payments_does_not_take_back_what_Booking_said()
    {
        var payment = new PaymentUpdate(Guid.CreateVersion7(), Guid.CreateVersion7(), PaymentStatus.Paid, Stories.Start, PaymentMethod.Card, 700, "BRL", Stories.Start, IsLedger: true);
        var known = payment.Merge(null, 0) with { RefundReason = "tickets-gone" };

        Assert.That(payment.Merge(known, 1), Has.Property(nameof(PaymentRow.RefundReason)).EqualTo("tickets-gone").And.Property(nameof(PaymentRow.OwedSince)).EqualTo(Stories.Start));
    }

    /// <summary>To compare sums as text: NUnit compares the pairs of two dictionaries each with each.</summary>
    private static IEnumerable<string> Lines(IEnumerable<KeyValuePair<SalesKey, SalesFigures>> sums) =>
        sums.Select(sum => sum.ToString()).Order(StringComparer.Ordinal);

    /// <summary>What the orders' rows come to.</summary>
    internal static Dictionary<SalesKey, SalesFigures> SumsOf(IEnumerable<OrderRow> rows, TimeZoneInfo zone)
    {
        var sums = new SalesSums(zone);
        foreach (var row in rows)
        {
            sums.Add(null, row);
        }

        return sums.BySpan().Where(sum => sum.Value != SalesFigures.None).ToDictionary();
    }

    private static (Dictionary<Guid, OrderRow> Rows, Dictionary<SalesKey, SalesFigures> Sums) TakeIn(IEnumerable<OrderUpdate> messages)
    {
        var rows = new Dictionary<Guid, OrderRow>();
        var sums = new SalesSums(zone);
        foreach (var said in messages)
        {
            var before = rows.GetValueOrDefault(said.OrderId);
            var after = said.Merge(before, 0);
            sums.Add(before, after);
            rows[said.OrderId] = after;
        }

        return (rows, sums.BySpan().Where(sum => sum.Value != SalesFigures.None).ToDictionary());
    }

    private static PaymentRow? TakeIn(IEnumerable<PaymentUpdate> messages) => messages.Aggregate((PaymentRow?)null, (row, said) => said.Merge(row, 0));

    private static SalesFigures Whole(IEnumerable<KeyValuePair<SalesKey, SalesFigures>> sums) => sums.Aggregate(SalesFigures.None, (whole, sum) => whole + sum.Value);

    /// <summary>Rows with lists compare by reference.</summary>
    private static string Text<T>(T row) => JsonSerializer.Serialize(row);
}
