using System.Net;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>The way of a purchase through the whole host: real tokens, real relay, the sandbox gateway calling the webhook over HTTP.</summary>
/// <remarks>Each test has an event of its own, so that they wait for the ends of their holds together.</remarks>
[Parallelizable(ParallelScope.All)]
public sealed class PurchaseTests
{
    private TestHost host;
    private TicketBoothApi admin;
    private TicketBoothApi buyer;

    [OneTimeSetUp]
    public async Task Start()
    {
        // Holds of six seconds, so that late and silent payments can be waited for, and a busy machine pays the others in time.
        host = await TestHost.StartAsync(settings: [("Booking:HoldMinutes", "0.1"), ("Payments:Sandbox:LateSeconds", "2")]);
        admin = await TicketBoothApi.AdminAsync(host);
        buyer = await TicketBoothApi.NewBuyerAsync(host);
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Sells_a_ticket_from_order_to_paid_and_shows_it_sold()
    {
        var eventId = await PublishAsync(tickets: 3);
        var order = await buyer.OrderAsync(eventId, 2);
        await buyer.PayAsync((string)order["id"]!);
        var paid = await buyer.WaitForOrderAsync((string)order["id"]!, "paid");

        Assert.That((string?)paid["payment"]!["status"], Is.EqualTo("paid"));
        Assert.That((long)paid["total"]!, Is.EqualTo(20_000));
        var shown = await WaitForAvailableAsync(eventId, 1);
        Assert.That((string?)shown["status"], Is.EqualTo("published"));

        // Held tickets are not available either, so that the count is right does not mean that Events has heard of the payment.
        var sold = await Eventually.Async(
            () => buyer.GetAsync($"/api/v1/events/{eventId}/tickets?state=sold"), tickets => tickets["items"]!.AsArray().Count > 0, $"event {eventId} to have sold tickets");
        Assert.That(sold["items"]!.AsArray().Select(ticket => (int)ticket!["number"]!), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task A_canceled_paid_order_gives_the_money_and_the_tickets_back()
    {
        var eventId = await PublishAsync(tickets: 1);
        var orderId = (string)(await buyer.OrderAsync(eventId))["id"]!;
        await buyer.PayAsync(orderId);
        await buyer.WaitForOrderAsync(orderId, "paid");

        var canceled = await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel");
        Assert.That((string?)canceled["status"], Is.EqualTo("refunded"));
        await WaitForPaymentAsync(orderId, "refunded");
        Assert.That((string?)(await buyer.OrderAsync(eventId))["status"], Is.EqualTo("on_payment"), "the ticket is free again");
    }

    [Test]
    public async Task A_declined_payment_may_be_followed_by_another()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        await buyer.PayAsync(orderId, "tok_decline");
        await WaitForPaymentAsync(orderId, "declined");
        await buyer.PayAsync(orderId);
        await buyer.WaitForOrderAsync(orderId, "paid");
    }

    [Test]
    public async Task Money_of_another_amount_goes_back_and_the_buyer_pays_again()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        await buyer.PayAsync(orderId, "tok_other_amount");
        await WaitForPaymentAsync(orderId, "declined");
        await buyer.PayAsync(orderId);
        await buyer.WaitForOrderAsync(orderId, "paid");

        var cases = await Eventually.Async(
            () => admin.GetAsync("/api/v1/payments/cases?all=true"),
            page => page["items"]!.AsArray().Any(one => (string?)one!["orderId"] == orderId && (long)one["returned"]! == 10_001),
            "the other amount to be back");
        Assert.That(cases["items"]!.AsArray().Single(one => (string?)one!["orderId"] == orderId)!["kind"]!.ToString(), Is.EqualTo("other_amount"));
    }

    [Test]
    public async Task Money_that_is_captured_twice_goes_back_once()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        await buyer.PayAsync(orderId, "tok_paid_twice");
        await buyer.WaitForOrderAsync(orderId, "paid");

        await Eventually.Async(
            () => admin.GetAsync("/api/v1/payments/cases?all=true"),
            page => page["items"]!.AsArray().Any(one => (string?)one!["orderId"] == orderId && (string?)one["kind"] == "paid_twice" && (long)one["returned"]! == 10_000),
            "the second capture to be back");
        Assert.That((string?)(await buyer.GetAsync($"/api/v1/orders/{orderId}"))["status"], Is.EqualTo("paid"));
    }

    [Test]
    public async Task A_gateway_that_calls_back_three_times_pays_once()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        await buyer.PayAsync(orderId, "tok_duplicate");
        var paid = await buyer.WaitForOrderAsync(orderId, "paid");
        Assert.That((string?)paid["payment"]!["status"], Is.EqualTo("paid"));
    }

    [Test]
    public async Task Pix_pays_as_well()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        var payment = await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/payment", new JsonObject { ["method"] = "pix" });
        Assert.That((string?)payment["pix"]!["code"], Does.StartWith("000201"));
        await buyer.WaitForOrderAsync(orderId, "paid");
    }

    [Test]
    public async Task A_silent_gateway_loses_the_hold_and_the_ticket_is_sold_to_somebody_else()
    {
        var eventId = await PublishAsync(tickets: 1);
        var orderId = (string)(await buyer.OrderAsync(eventId))["id"]!;
        await buyer.PayAsync(orderId, "tok_silent");
        await buyer.WaitForOrderAsync(orderId, "expired");
        var other = await TicketBoothApi.NewBuyerAsync(host);
        Assert.That((string?)(await other.OrderAsync(eventId))["status"], Is.EqualTo("on_payment"));
    }

    [Test]
    public async Task A_late_confirmation_takes_the_tickets_again_when_they_are_free()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync(tickets: 1)))["id"]!;
        await buyer.PayAsync(orderId, "tok_late");
        await buyer.WaitForOrderAsync(orderId, "expired");
        await buyer.WaitForOrderAsync(orderId, "paid");
    }

    [Test]
    public async Task A_late_confirmation_is_refunded_when_the_tickets_are_gone()
    {
        var eventId = await PublishAsync(tickets: 1);
        var orderId = (string)(await buyer.OrderAsync(eventId))["id"]!;
        await buyer.PayAsync(orderId, "tok_late");
        await buyer.WaitForOrderAsync(orderId, "expired");
        var winner = await TicketBoothApi.NewBuyerAsync(host);
        var winningId = (string)(await winner.OrderAsync(eventId))["id"]!;
        await winner.PayAsync(winningId);
        await winner.WaitForOrderAsync(winningId, "paid");

        var late = await WaitForPaymentAsync(orderId, "refunded");
        Assert.That((string?)late["status"], Is.EqualTo("expired"));
        Assert.That((string?)(await winner.GetAsync($"/api/v1/orders/{winningId}"))["status"], Is.EqualTo("paid"));
    }

    [Test]
    public async Task A_canceled_event_cancels_what_is_held_and_refunds_what_is_paid()
    {
        var eventId = await PublishAsync(tickets: 3);
        var paidId = (string)(await buyer.OrderAsync(eventId))["id"]!;
        await buyer.PayAsync(paidId);
        await buyer.WaitForOrderAsync(paidId, "paid");
        var heldId = (string)(await buyer.OrderAsync(eventId))["id"]!;

        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/cancel");
        await buyer.WaitForOrderAsync(heldId, "canceled");
        await buyer.WaitForOrderAsync(paidId, "refunded");
        await WaitForPaymentAsync(paidId, "refunded");
        var refused = Assert.ThrowsAsync<HttpRequestException>(() => buyer.OrderAsync(eventId));
        Assert.That(refused, Has.Property(nameof(HttpRequestException.StatusCode)).EqualTo(HttpStatusCode.UnprocessableEntity).And.Message.Contains("event-canceled"));
    }

    [Test]
    public async Task An_expired_order_cannot_be_paid()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        await buyer.WaitForOrderAsync(orderId, "expired");
        var refused = Assert.ThrowsAsync<HttpRequestException>(() => buyer.PayAsync(orderId));
        Assert.That(refused!.Message, Does.Contain("order-expired"));
    }

    [Test]
    public async Task Somebody_elses_order_does_not_exist_for_me_but_for_staff()
    {
        var orderId = (string)(await buyer.OrderAsync(await PublishAsync()))["id"]!;
        var stranger = await TicketBoothApi.NewBuyerAsync(host);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Post, "/cancel") })
        {
            var refused = Assert.ThrowsAsync<HttpRequestException>(() => stranger.SendAsync(method, $"/api/v1/orders/{orderId}{path}"));
            Assert.That(refused, Has.Property(nameof(HttpRequestException.StatusCode)).EqualTo(HttpStatusCode.NotFound));
        }

        var unpaid = Assert.ThrowsAsync<HttpRequestException>(() => stranger.PayAsync(orderId));
        Assert.That(unpaid, Has.Property(nameof(HttpRequestException.StatusCode)).EqualTo(HttpStatusCode.NotFound));
        Assert.That((string?)(await admin.GetAsync($"/api/v1/orders/{orderId}"))["id"], Is.EqualTo(orderId));
    }

    private async Task<string> PublishAsync(int tickets = 5) => (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets)))["id"]!;

    private Task<JsonObject> WaitForPaymentAsync(string orderId, string status) => Eventually.Async(
        () => buyer.GetAsync($"/api/v1/orders/{orderId}"), order => (string?)order["payment"]?["status"] == status, $"the payment of order {orderId} to be {status}");

    private Task<JsonObject> WaitForAvailableAsync(string eventId, int available) => Eventually.Async(
        () => buyer.GetAsync($"/api/v1/events/{eventId}"), shown => (int)shown["available"]! == available, $"event {eventId} to have {available} available");
}
