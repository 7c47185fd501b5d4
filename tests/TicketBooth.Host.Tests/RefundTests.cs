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
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private TicketBoothApi buyer = null!;
    private string eventId = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await TestHost.StartAsync();
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
        Assert.That(await ReturnedAsync(), Is.EqualTo(10_500));
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
        Assert.That(await ReturnedAsync(), Is.EqualTo(18_000));
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

    private async Task<long> ReturnedAsync()
    {
        var order = await Eventually.Async(
            () => admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), figures => (long)figures["returned"]! > 0, "the refunds to be in the figures");
        return (long)order["returned"]!;
    }

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
