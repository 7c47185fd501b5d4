using System.Net;
using System.Text.Json.Nodes;
using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.ReadModel;

/// <summary>The way of a sale through the whole host to the administrators' figures.</summary>
internal sealed class FiguresTests(Provider provider) : DashboardFixture(provider)
{
    [Test]
    public async Task Sales_refunds_and_what_is_on_payment_show_in_the_figures_and_equal_the_ledger()
    {
        await using var host = await StartHostAsync(FarFromMidnight.Setting);
        var office = await BoxOffice.OpenAsync(host);
        var (eventId, other) = (await office.PublishAsync(), await office.PublishAsync(name: "Samba Matinee"));
        for (var i = 0; i < 10; i++)
        {
            await office.SellAsync(eventId, i);
        }

        await office.SellAsync(other, 3, quantity: 1);
        var ledger = await office.SettledAsync();

        var shown = await Eventually.Async(
            () => office.Admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), figures => (long)figures["ever"]!["ordersRefunded"]! == 2, "the refunds to show");
        var summary = await Eventually.Async(() => office.Admin.GetAsync("/api/v1/dashboard/summary"), figures => (long)figures["today"]!["ordersPaid"]! == 7, "all sales to show");
        var ofEvent = ledger.Orders.Where(order => order.EventId == Guid.Parse(eventId)).ToList();
        long Money(OrderStatus status) => ofEvent.Where(order => order.Status == status).Sum(order => order.Total);
        int Tickets(OrderStatus status) => ofEvent.Where(order => order.Status == status).Sum(order => order.Tickets.Count);
        Assert.Multiple(() =>
        {
            Assert.That((long)shown["sold"]!, Is.EqualTo(8).And.EqualTo(Tickets(OrderStatus.Paid)));
            Assert.That((long)shown["onPayment"]!, Is.EqualTo(4).And.EqualTo(Tickets(OrderStatus.OnPayment)));
            Assert.That((long)shown["revenue"]!, Is.EqualTo(80_000).And.EqualTo(Money(OrderStatus.Paid)), "what was refunded is not in it");
            Assert.That((long)shown["returned"]!, Is.EqualTo(40_000).And.EqualTo(Money(OrderStatus.Refunded)));
            Assert.That((double)shown["conversion"]!, Is.EqualTo(6.0 / 8).Within(1e-9));
            Assert.That(shown["ever"]!.ToJsonString(), Is.EqualTo("""{"ordersPlaced":10,"ordersPaid":6,"ordersLapsed":2,"ordersRefunded":2,"ticketsSold":12,"ticketsReturned":4,"disputes":0}"""));
            Assert.That(shown["today"]!.ToJsonString(), Is.EqualTo(shown["ever"]!.ToJsonString()));
            Assert.That(shown["tiers"]!.AsArray().Select(tier => (string)tier!["name"]!), Is.EqualTo(new[] { "Stalls", "Balcony" }));
            Assert.That(Sum(shown["tiers"]!, "revenue"), Is.EqualTo((long)shown["revenue"]!));
            Assert.That(Sum(shown["tiers"]!, "sold"), Is.EqualTo((long)shown["sold"]!));
            Assert.That(Sum(shown["tiers"]!, "onPayment"), Is.EqualTo((long)shown["onPayment"]!));
            Assert.That(Sum(shown["tiers"]!, "released"), Is.EqualTo((long)shown["released"]!).And.EqualTo(100));
            Assert.That(Sum(shown["days"]!, "revenue"), Is.EqualTo((long)shown["revenue"]!));
            Assert.That(Sum(shown["minutes"]!, "revenue"), Is.EqualTo((long)shown["revenue"]!));
            Assert.That(Sum(shown["minutes"]!, "taken"), Is.EqualTo(20));
            Assert.That(Sum(shown["minutes"]!, "sold") - Sum(shown["minutes"]!, "returned"), Is.EqualTo((long)shown["sold"]!));
            Assert.That(Sum(shown["minutes"]!, "returned"), Is.Positive.And.EqualTo(Tickets(OrderStatus.Refunded)));

            var money = summary["money"]!.AsArray().Single()!;
            Assert.That((long)money["revenue"]! - (long)money["returned"]!, Is.EqualTo(ledger.Orders.Where(order => order.Status == OrderStatus.Paid).Sum(order => order.Total)));
            Assert.That((long)money["revenue"]! - (long)money["returned"]!, Is.EqualTo(ledger.Payments.Where(payment => payment.Status == PaymentStatus.Paid).Sum(payment => payment.Amount)));
            Assert.That((long)money["returned"]!, Is.EqualTo(ledger.Payments.Where(payment => payment.Status == PaymentStatus.Refunded).Sum(payment => payment.Amount)));
            Assert.That((long)summary["onPayment"]!, Is.EqualTo(4));
            Assert.That((long)summary["today"]!["ordersPlaced"]!, Is.EqualTo(11));
            Assert.That(Sum(summary["minutes"]!, "ordersPlaced"), Is.EqualTo(11));
            Assert.That(Sum(summary["minutes"]!, "ordersPaid"), Is.EqualTo(7));
            Assert.That(Sum(summary["events"]!, "revenue"), Is.EqualTo(90_000));
            Assert.That(summary["attention"]!.ToJsonString(), Is.EqualTo("""{"deadLetters":0,"stuckPayments":0,"refundsDue":0,"differences":null,"nearlySoldOut":0,"disputes":0,"moneyCases":0,"gatewayDifferences":null,"expiringCertificates":0,"failedBackups":0,"violations":0}"""));
        });
    }

    [Test]
    public async Task A_canceled_event_is_shown_as_such_and_its_money_as_returned()
    {
        await using var host = await StartHostAsync();
        var office = await BoxOffice.OpenAsync(host);
        var eventId = await office.PublishAsync();
        await office.Admin.WaitForOrderAsync(await office.SellAsync(eventId, 3), "paid");
        await office.SellAsync(eventId, 0);

        await office.Admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/cancel");

        var shown = await Eventually.Async(
            () => office.Admin.GetAsync($"/api/v1/dashboard/events/{eventId}"),
            figures => (bool)figures["isCanceled"]! && (long)figures["returned"]! == 20_000 && (long)figures["onPayment"]! == 0,
            "the cancelation to show");
        Assert.That(((long)shown["sold"]!, (long)shown["revenue"]!, (long)shown["ever"]!["ordersLapsed"]!), Is.EqualTo((0L, 0L, 1L)));
        var line = (await office.Admin.GetAsync("/api/v1/dashboard/summary"))["events"]!.AsArray().Single()!;
        Assert.That(((bool)line["isCanceled"]!, (long)line["revenue"]!), Is.EqualTo((true, 0L)));
    }

    [Test]
    public async Task What_needs_attention_is_counted()
    {
        await using var host = await StartHostAsync(("Modules", "Accounts,Dashboard"));
        var admin = await TicketBoothApi.AdminAsync(host);
        var old = TimeProvider.System.GetUtcNow().AddHours(-1).UtcTicks;
        Database.Sql(Payment(1, $"{old}, NULL"));
        Database.Sql(Payment(2, $"{TimeProvider.System.GetUtcNow().UtcTicks}, NULL"));
        Database.Sql(Payment(3, $"NULL, {old}"));
        Database.Sql($"""
            INSERT INTO DashboardRuns(Id, Kind, StartedAt, EndedAt, SeenAt, Done, Differences, Report)
            VALUES ('0199E2F0-0000-7000-8000-000000000001', 1, {old}, {old}, {old}, 9, 3, '')
            """);

        foreach (var number in new[] { 1, 2, 3 })
        {
            Database.Sql(Order(number));
        }

        var attention = (await admin.GetAsync("/api/v1/dashboard/summary"))["attention"]!;
        var stuck = await admin.GetAsync("/api/v1/dashboard/orders?attention=stuck_payment");
        var due = await admin.GetAsync("/api/v1/dashboard/orders?attention=refund_due&status=expired");

        Assert.That(stuck["items"]!.AsArray().Select(order => (string)order!["id"]!), Is.EqualTo(new[] { "0199e2f0-0000-7000-8000-000000000091" }));
        Assert.That(due["items"]!.AsArray().Select(order => (string)order!["id"]!), Is.EqualTo(new[] { "0199e2f0-0000-7000-8000-000000000093" }));
        Assert.That(attention.ToJsonString(), Is.EqualTo("""{"deadLetters":0,"stuckPayments":1,"refundsDue":1,"differences":3,"nearlySoldOut":0,"disputes":0,"moneyCases":0,"gatewayDifferences":null,"expiringCertificates":0,"failedBackups":0,"violations":0}"""));

        static string Order(int number) => $"""
            INSERT INTO DashboardOrders(Id, EventId, BuyerId, Revision, Status, Tickets, Total, PlacedAt, IsPlacedAtKnown, Generation)
            VALUES ('0199E2F0-0000-7000-8000-00000000009{number}', '0199E2F0-0000-7000-8000-000000000001', '0199E2F0-0000-7000-8000-000000000002', 1, {(int)OrderStatus.Expired}, '[]', 1, {number}, 1, 0)
            """;

        static string Payment(int number, string since) => $"""
            INSERT INTO DashboardPayments(Id, OrderId, Status, Amount, Currency, AwaitingSince, OwedSince, Generation)
            VALUES ('0199E2F0-0000-7000-8000-00000000000{number}', '0199E2F0-0000-7000-8000-00000000009{number}', 0, 1, 'BRL', {since}, 0)
            """;
    }

    [TestCase("/api/v1/dashboard/summary")]
    [TestCase("/api/v1/dashboard/events/0199e2f0-0d3b-7001-a2b3-c4d5e6f70000")]
    [TestCase("/api/v1/dashboard/stream")]
    public async Task Figures_are_for_staff(string path)
    {
        await using var host = await StartHostAsync(("Modules", "Accounts,Dashboard"));
        var customer = await TicketBoothApi.NewBuyerAsync(host);

        using var anonymous = await host.Client.GetAsync(path);
        using var refused = await customer.Client.GetAsync(path);

        Assert.That(anonymous.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static long Sum(JsonNode lines, string field) => lines.AsArray().Sum(line => (long)line![field]!);
}
