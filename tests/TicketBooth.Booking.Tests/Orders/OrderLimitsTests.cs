using Microsoft.Extensions.Options;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.Orders;

/// <summary>What the module's settings do, seen over HTTP.</summary>
internal sealed class OrderLimitsTests
{
    [Test]
    public async Task A_buyer_gets_no_more_tickets_of_an_event_than_the_setting_says()
    {
        await using var host = await BookingHost.StartAsync(("Booking:MaxTicketsPerBuyer", "2"), ("Booking:MaxTicketsPerOrder", "3"));
        var sale = host.Events.Publish(10);
        using var buyer = host.Buyer();

        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, quantity = 4 })).Outcome, Is.EqualTo("422 validation-failed"));
        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, quantity = 3 })).Outcome, Is.EqualTo("422 ticket-limit"));
        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, quantity = 2 })).Outcome, Is.EqualTo("201"));
        var refused = await buyer.OrderAsync(new { ticketIds = sale.TicketIds(9) });
        Assert.That(refused.Outcome, Is.EqualTo("422 ticket-limit"));
        var orders = await buyer.GetAnswerAsync("/api/v1/orders");
        Assert.That((string?)refused.Body!["orderId"], Is.EqualTo((string?)orders.Body!["items"]![0]!["id"]), "of the order that counts");
    }

    [Test]
    public async Task A_buyer_who_has_the_ticket_is_told_with_which_order_and_nobody_else_is()
    {
        await using var host = await BookingHost.StartAsync();
        var sale = host.Events.Publish(10);
        using var buyer = host.Buyer();
        using var other = host.Buyer();
        var own = await buyer.OrderAsync(new { ticketIds = sale.TicketIds(1, 2) });
        var wanted = new { ticketIds = sale.TicketIds(2, 3) };

        var refused = await buyer.OrderAsync(wanted, key: "again");
        Assert.That((refused.Outcome, (Guid)refused.Body!["orderId"]!), Is.EqualTo(("409 ticket-taken", own.Id())));
        Assert.That((string)refused.Body["detail"]!, Does.Contain(own.Id().ToString()));
        var repeated = await buyer.OrderAsync(wanted, key: "again");
        Assert.That(((string?)repeated.Body!["detail"], (Guid)repeated.Body["orderId"]!), Is.EqualTo(((string?)refused.Body["detail"], own.Id())));

        var stranger = await other.OrderAsync(wanted);
        Assert.That((stranger.Outcome, stranger.Body!["orderId"]), Is.EqualTo(("409 ticket-taken", (object?)null)));
    }

    [Test]
    public void The_limits_of_a_buyer_are_on_unless_a_setting_says_otherwise() =>
        Assert.That(
            new BookingOptions(),
            Has.Property(nameof(BookingOptions.MaxTicketsPerBuyer)).EqualTo(10)
                .And.Property(nameof(BookingOptions.MaxHoldsPerBuyer)).EqualTo(3).And.Property(nameof(BookingOptions.LapsePause)).EqualTo(TimeSpan.FromSeconds(30)));

    [Test]
    public async Task A_buyer_has_so_many_unpaid_orders_at_a_time_and_waits_after_a_hold_that_was_not_paid()
    {
        await using var host = await BookingHost.StartAsync(("Booking:MaxHoldsPerBuyer", "2"), ("Booking:LapsePauseSeconds", "30"));
        var sale = host.Events.Publish(10);
        using var buyer = host.Buyer();
        var order = new { eventId = sale.Id, quantity = 1 };
        var placed = await buyer.OrderAsync(order);
        var second = await buyer.OrderAsync(order);

        var third = await buyer.OrderAsync(order, key: "third");
        Assert.That((third.Outcome, (Guid)third.Body!["orderId"]!), Is.EqualTo(("422 hold-limit", second.Id())), "and which order it is");
        var repeated = await buyer.OrderAsync(order, key: "third");
        Assert.That((repeated.Outcome, (string?)repeated.Body!["detail"], (Guid)repeated.Body["orderId"]!), Is.EqualTo((third.Outcome, (string?)third.Body["detail"], second.Id())));
        await buyer.CancelAsync(placed.Id());
        Assert.That((await buyer.OrderAsync(order)).Outcome, Is.EqualTo("201"));

        host.Clock.Advance(host.Get<IOptions<BookingOptions>>().Value.Hold);
        var paused = await buyer.OrderAsync(order, key: "later");
        Assert.That((paused.Outcome, paused.Headers.RetryAfter?.Delta), Is.EqualTo(("429 hold-pause", (TimeSpan?)TimeSpan.FromMinutes(1))), "two have lapsed");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await buyer.OrderAsync(order, key: "later")).Outcome, Is.EqualTo("201"), "a pause is no answer to keep");
    }

    [Test]
    public async Task A_full_lane_asks_to_come_again()
    {
        await using var host = await BookingHost.StartAsync(("Booking:LaneCapacity", "1"));
        var sale = host.Events.Publish(10);
        using var buyer = host.Buyer();
        var placed = await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 });
        var (lane, store) = (host.ShardOf(placed.Id()).Lane, host.StoreOf(placed.Id()));
        store.Close();
        var inHand = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var waiting = lane.TryAsync(Nothing());

        var busy = await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 });
        store.Open();
        await Task.WhenAll(inHand, waiting);

        Assert.That((busy.Outcome, busy.Headers.RetryAfter?.Delta), Is.EqualTo(("503 busy", (TimeSpan?)TimeSpan.FromSeconds(1))));
        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 })).Outcome, Is.EqualTo("201"));
    }

    [TestCase("HoldMinutes", "0")]
    [TestCase("PaymentMinutes", "-1")]
    [TestCase("MaxTicketsPerOrder", "0")]
    [TestCase("MaxTicketsPerBuyer", "-1")]
    [TestCase("MaxHoldsPerBuyer", "-1")]
    [TestCase("LapsePauseSeconds", "3601")]
    [TestCase("LaneCapacity", "0")]
    public void A_setting_that_makes_no_sense_stops_the_start_by_its_name(string setting, string value) => Assert.That(
        () => BookingHost.StartAsync(("Booking:" + setting, value)),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Booking:" + setting));

    private static ChangeItem Nothing() => new(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order));
}
