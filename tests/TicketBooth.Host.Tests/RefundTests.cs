using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>Refunds through all modules, with the sandbox as the gateway: the money goes back, the seats are sold again, and the audit finds nothing.</summary>
internal sealed class RefundTests
{
    private readonly SandboxWebhooks webhooks = new();
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private TicketBoothApi buyer = null!;
    private string eventId = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await TestHost.StartAsync(settings: [webhooks.Setting]);
        admin = await TicketBoothApi.AdminAsync(host);
        buyer = await TicketBoothApi.NewBuyerAsync(host);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [SetUp]
    public async Task PublishAsync() => eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 4)))["id"]!;

    [Test]
    public async Task A_ticket_and_an_amount_go_back_and_the_seat_is_sold_again()
    {
        var order = await PaidAsync(3);
        var ticket = (string)(await buyer.GetAsync($"/api/v1/orders/{order}"))["tickets"]![0]!["id"]!;

        await RefundAsync(order, new JsonObject { ["ticketIds"] = new JsonArray(ticket), ["reason"] = "Ill." });
        await RefundAsync(order, new JsonObject { ["amount"] = 500, ["reason"] = "A cold hall." });

        var settled = await SettledAsync(order);
        Assert.That(((string?)settled["status"], (long)settled["returned"]!), Is.EqualTo(("paid", 10_500L)));
        await AvailableAsync(2);
        await FiguresAsync(returned: 10_500);
        var again = await buyer.SendAsync(HttpMethod.Post, "/api/v1/orders", new JsonObject { ["ticketIds"] = new JsonArray(ticket) });
        Assert.That((string?)again["status"], Is.EqualTo("on_payment"));
        await AuditAsync();

        await RefundAsync(order, new JsonObject { ["reason"] = "The rest." });
        var ended = await SettledAsync(order);
        Assert.That(((string?)ended["status"], (long)ended["returned"]!, ended["refunds"]!.AsArray().Count), Is.EqualTo(("refunded", 30_000L, 3)));
        await AvailableAsync(3);
        await AuditAsync();
    }

    [Test]
    public async Task Who_was_let_in_gets_no_money_back_from_inside_but_staff_may_give_it()
    {
        var order = await PaidAsync(2);
        await admin.SendAsync(
            HttpMethod.Put, $"/api/v1/events/{eventId}/door-rules", new JsonObject { ["opensMinutesBefore"] = 43_200, ["closesMinutesAfter"] = 60 });
        var code = (string)(await buyer.GetAsync($"/api/v1/orders/{order}/tickets"))["items"]![0]!["code"]!;
        var scan = await admin.SendAsync(
            HttpMethod.Post, "/api/v1/checkins", new JsonObject { ["code"] = code, ["scanId"] = Guid.CreateVersion7() });

        using var refused = await buyer.Client.PostAsync($"/api/v1/orders/{order}/cancel", content: null);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;

        Assert.That((string?)scan["outcome"], Is.EqualTo("admitted"));
        Assert.That(((int)refused.StatusCode, (string?)problem["code"]), Is.EqualTo((409, "ticket-checked-in")));
        await RefundAsync(order, new JsonObject { ["reason"] = "A cold hall." });
        Assert.That((string?)(await SettledAsync(order))["status"], Is.EqualTo("refunded"));
        await AuditAsync();
    }

    [Test]
    public async Task Everything_goes_back_and_the_guest_keeps_the_seats()
    {
        var order = await PaidAsync(2);

        await RefundAsync(order, new JsonObject { ["reason"] = "A gift of the house.", ["releaseTickets"] = false });

        var settled = await SettledAsync(order);
        Assert.That(((string?)settled["status"], (string?)settled["payment"]!["status"]), Is.EqualTo(("paid", "refunded")));
        await AvailableAsync(2);
        await AuditAsync();
    }

    [Test]
    public async Task A_buyers_cancellation_keeps_the_events_fee()
    {
        var body = TicketBoothApi.EventBody(tickets: 4);
        (body["refundHoursBeforeStart"], body["refundFeePercent"]) = (1, 10);
        eventId = (string)(await admin.PublishEventAsync(body))["id"]!;
        var order = await PaidAsync(2);

        await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order}/cancel");

        var settled = await SettledAsync(order);
        Assert.That(((string?)settled["status"], (long)settled["returned"]!, (string?)settled["payment"]!["status"]), Is.EqualTo(("refunded", 18_000L, "paid")));
        await AvailableAsync(4);
        await FiguresAsync(returned: 18_000);
        await AuditAsync();
    }

    [Test]
    public async Task A_show_that_is_moved_far_lets_its_buyers_cancel_without_the_fee()
    {
        var body = TicketBoothApi.EventBody(tickets: 4);
        body["refundFeePercent"] = 50;
        eventId = (string)(await admin.PublishEventAsync(body))["id"]!;
        var order = await PaidAsync(1);
        await AvailableAsync(3);
        body["startsAt"] = ((DateTimeOffset)body["startsAt"]!).AddDays(3);
        body["confirmed"] = true;
        var moved = await admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{eventId}", body);
        Assert.That(moved["refundWindowUntil"], Is.Not.Null);

        await Eventually.Async(PendingAsync, pending => pending.Count == 0, "Booking to know of the new start");
        await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order}/cancel");

        Assert.That((long)(await SettledAsync(order))["returned"]!, Is.EqualTo(10_000));
        await AuditAsync();
    }

    [Test]
    public async Task A_refund_that_the_gateway_had_done_comes_back_and_is_paid_by_hand()
    {
        var order = await PaidAsync(2);
        await RefundAsync(order, new JsonObject { ["reason"] = "Ill." });
        var payment = (string)(await SettledAsync(order))["payment"]!["id"]!;
        await FiguresAsync(returned: 20_000);

        await webhooks.TellAsync(
            admin.Client, "payment.refund_failed",
            new JsonObject { ["externalId"] = "late", ["paymentId"] = payment, ["amount"] = 20_000, ["currency"] = "BRL", ["reason"] = "account-closed" });

        var story = await Eventually.Async(
            () => admin.GetAsync($"/api/v1/dashboard/orders/{order}"), told => (string?)told["refunds"]![0]!["status"] == "failed", "the order to know");
        await FiguresAsync(returned: 0);
        var shown = await CaseAsync(payment);
        Assert.That((string?)story["refunds"]![0]!["failure"], Is.EqualTo("account-closed"));
        Assert.That(((string?)shown["kind"], (string?)shown["reason"]), Is.EqualTo(("refund_failed", "account-closed")));
        await AuditAsync();

        await admin.SendAsync(HttpMethod.Post, $"/api/v1/payments/cases/{shown["id"]}/paid-back", new JsonObject { ["reference"] = "TED 000123" });

        await SettledAsync(order);
        await FiguresAsync(returned: 20_000);
        await AuditAsync();
    }

    [TestCase("won", 0)]
    [TestCase("lost", 10_000)]
    public async Task A_dispute_marks_the_order_until_the_bank_decides(string decision, long returned)
    {
        var order = await PaidAsync(1);
        var payment = (string)(await buyer.GetAsync($"/api/v1/orders/{order}"))["payment"]!["id"]!;
        await TellOfDisputeAsync("opened", externalId: "any");
        var marked = await Eventually.Async(() => admin.GetAsync($"/api/v1/orders/{order}"), told => told["disputes"] is not null, "the order to know");
        await AttentionAsync(order, isDisputed: true);
        var externalId = (string)(await CaseAsync(payment))["externalId"]!;
        Assert.That(((string?)marked["disputes"]![0]!["state"], (bool?)marked["tickets"]![0]!["disputed"]), Is.EqualTo(("opened", (bool?)true)));
        Assert.That((await buyer.GetAsync($"/api/v1/orders/{order}")).ToJsonString(), Does.Not.Contain("disput"));
        await AuditAsync();

        await TellOfDisputeAsync(decision, externalId);

        var decided = await Eventually.Async(
            () => admin.GetAsync($"/api/v1/dashboard/orders/{order}"), told => (string?)told["disputes"]![0]!["state"] == decision, "the order to know");
        await AttentionAsync(order, isDisputed: false);
        await FiguresAsync(returned);
        Assert.That(((string?)decided["status"], (bool)decided["tickets"]![0]!["disputed"]!), Is.EqualTo(("paid", decision == "lost")), "the seat is the buyer's until somebody decides");
        await AuditAsync();

        Task TellOfDisputeAsync(string state, string externalId) => webhooks.TellAsync(
            admin.Client, "payment.disputed",
            new JsonObject
            {
                ["externalId"] = externalId,
                ["paymentId"] = payment,
                ["amount"] = 10_000,
                ["currency"] = "BRL",
                ["disputeId"] = $"dp_{order}",
                ["disputeState"] = state,
                ["reason"] = "fraudulent",
            });
    }

    private async Task<JsonNode> CaseAsync(string payment)
    {
        var cases = await Eventually.Async(
            () => admin.GetAsync("/api/v1/payments/cases?limit=200"), told => told["items"]!.AsArray().Any(one => (string?)one!["paymentId"] == payment), "the case");
        return cases["items"]!.AsArray().First(one => (string?)one!["paymentId"] == payment)!;
    }

    private Task AttentionAsync(string order, bool isDisputed) => Eventually.Async(
        () => admin.GetAsync("/api/v1/dashboard/orders?attention=disputed"),
        found => found["items"]!.AsArray().Any(one => (string?)one!["id"] == order) == isDisputed,
        "the list of disputed orders");

    private Task FiguresAsync(long returned) => Eventually.Async(
        () => admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), figures => (long)figures["returned"]! == returned, $"{returned} to be in the figures");

    private async Task<IReadOnlySet<Guid>> PendingAsync()
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new FindPendingEvents([Guid.Parse(eventId)]))).Value;
    }

    private async Task<string> PaidAsync(int quantity)
    {
        var order = (string)(await buyer.OrderAsync(eventId, quantity))["id"]!;
        await buyer.PayAsync(order);
        await buyer.WaitForOrderAsync(order, "paid");
        return order;
    }

    private Task<JsonObject> RefundAsync(string order, JsonObject body) => admin.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order}/refunds", body);

    private Task<JsonObject> SettledAsync(string order) => Eventually.Async(
        () => buyer.GetAsync($"/api/v1/orders/{order}"),
        shown => shown["refunds"]!.AsArray().All(refund => (string?)refund!["status"] == "settled"), "the money to be back");

    private Task AvailableAsync(int tickets) => Eventually.Async(
        () => buyer.GetAsync($"/api/v1/events/{eventId}"), shown => (int)shown["available"]! == tickets, $"{tickets} tickets to be available");

    private Task AuditAsync() => Eventually.Async(
        async () =>
        {
            var report = new InvariantReport();
            await using var scope = host.App.Services.CreateAsyncScope();
            foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
            {
                await check.RunAsync(report, CancellationToken.None);
            }

            return string.Join('\n', report.Violations.Select(violation => violation.ToString()));
        },
        found => found.Length == 0, "the audit to find nothing");
}
