using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Managing;

/// <summary>An event's rule for refunds, as administrators set it, buyers see it and Booking gets it.</summary>
[TestFixture]
internal sealed class RefundRuleTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await EventsHost.StartAsync();
        admin = host.Admin();
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Without_a_rule_buyers_cancel_until_the_sale_closes()
    {
        var made = await PublishedAsync(TicketBoothApi.EventBody());

        Assert.That((string?)made["refundableUntil"], Is.EqualTo((string?)made["endsSellingAt"]));
        Assert.That((made["refundHoursBeforeStart"], (int)made["refundFeePercent"]!, made["refundWindowUntil"]), Is.EqualTo(((JsonNode?)null, 0, (JsonNode?)null)));
        var sale = await SaleAsync(made);
        Assert.That((sale.RefundableUntil, sale.RefundFeePercent, sale.RefundWindowUntil), Is.EqualTo(((DateTimeOffset?)sale.SaleClosesAt, 0, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task A_rule_is_shown_to_buyers_and_goes_to_Booking_with_every_edit()
    {
        var body = TicketBoothApi.EventBody();
        body["refundHoursBeforeStart"] = 48;
        body["refundFeePercent"] = 10;
        var made = await PublishedAsync(body);
        var starts = (DateTimeOffset)made["startsAt"]!;
        var (_, shown, _) = await host.Client.AskAsync($"/api/v1/events/{made["id"]}");
        Assert.That(((DateTimeOffset)shown!["refundableUntil"]!, (int)shown["refundFeePercent"]!), Is.EqualTo((starts.AddHours(-48), 10)));

        body["refundFeePercent"] = 100;
        body["refundHoursBeforeStart"] = 0;
        await admin.AskAsync(HttpMethod.Put, $"/api/v1/events/{made["id"]}", body);

        var sale = await SaleAsync(made);
        Assert.That((sale.RefundableUntil, sale.RefundFeePercent), Is.EqualTo(((DateTimeOffset?)starts, 100)));
    }

    [TestCase("refundFeePercent", -1)]
    [TestCase("refundFeePercent", 101)]
    [TestCase("refundHoursBeforeStart", -1)]
    [TestCase("refundHoursBeforeStart", 8_761)]
    public async Task Refuses_a_rule_that_is_none(string field, int value)
    {
        var body = TicketBoothApi.EventBody();
        body[field] = value;

        var (status, problem, _) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", body);

        Assert.That((status, (string?)problem!["code"]), Is.EqualTo((422, "validation-failed")));
        Assert.That(problem["errors"]![field], Is.Not.Null, problem.ToJsonString());
    }

    [Test]
    public async Task A_show_that_is_moved_far_after_sales_opens_a_window()
    {
        var body = TicketBoothApi.EventBody();
        var made = await PublishedAsync(body);
        var id = Guid.Parse((string)made["id"]!);
        var found = (await host.App.Services.GetRequiredService<IEventStore>().FindAsync(id))!;
        await host.App.Services.GetRequiredService<ITicketStateStore>().ApplyAsync([Sample.Update(found, Sample.NewId(), 2, TicketState.Sold, 1)]);
        var starts = (DateTimeOffset)made["startsAt"]!;

        body["startsAt"] = starts.AddHours(23);
        body["confirmed"] = true;
        var (_, near, _) = await admin.AskAsync(HttpMethod.Put, $"/api/v1/events/{id}", body);
        Assert.That(near!["refundWindowUntil"], Is.Null);

        body["startsAt"] = starts.AddDays(60);
        var before = DateTimeOffset.UtcNow;
        var (_, far, _) = await admin.AskAsync(HttpMethod.Put, $"/api/v1/events/{id}", body);
        var until = (DateTimeOffset)far!["refundWindowUntil"]!;
        Assert.That(until, Is.InRange(before.AddDays(14), DateTimeOffset.UtcNow.AddDays(14)));
        Assert.That((await SaleAsync(made)).RefundWindowUntil, Is.EqualTo(until));
    }

    private async Task<JsonNode> PublishedAsync(JsonObject body)
    {
        var (_, made, _) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", body);
        var (_, shown, _) = await admin.AskAsync(HttpMethod.Post, $"/api/v1/events/{made!["id"]}/publish");
        return shown!;
    }

    private async Task<EventForSale> SaleAsync(JsonNode shown)
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetEventForSale(Guid.Parse((string)shown["id"]!)))).Value;
    }
}
