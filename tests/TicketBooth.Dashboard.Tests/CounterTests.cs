using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>The counter in the whole host: what it sells is in the public states, in the figures, in the read model as in the ledger, and the audit passes.</summary>
internal sealed class CounterTests
{
    private TestHost host = null!;
    private BoxOffice office = null!;
    private string eventId = "";
    private string shift = "";

    private TicketBoothApi Admin => office.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await DashboardHost.StartAsync(settings: ("Dashboard:ReconcileHours", "0"));
        office = await BoxOffice.OpenAsync(host);
        eventId = await office.PublishAsync();
        shift = (string)(await Admin.SendAsync(HttpMethod.Post, "/api/v1/shifts", new JsonObject { ["float"] = 20_000 }))["id"]!;
        await Admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{eventId}/complimentary-allowance", new JsonObject { ["allowance"] = 5 });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    [Order(1)]
    public async Task Counter_online_complimentary_and_shifts_are_told_apart()
    {
        await SellAsync(2, "cash");
        await SellAsync(1, "complimentary", reason: "For the press.");
        var voided = (string)(await SellAsync(3, "cash"))["id"]!;
        await Admin.SendAsync(HttpMethod.Post, $"/api/v1/counter-sales/{voided}/void", new JsonObject { ["reason"] = "Wrong day." });
        await office.SellAsync(eventId, 3);
        await office.SettledAsync();

        var shown = await Eventually.Async(() => Admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), figures => (long)figures["sold"]! == 5, "all sales to show");
        var summary = await Admin.GetAsync("/api/v1/dashboard/summary");

        Assert.That(((long)shown["counterSold"]!, (long)shown["counterRevenue"]!, (long)shown["complimentary"]!), Is.EqualTo((3L, 20_000L, 1L)));
        Assert.That(((long)shown["revenue"]!, (long)shown["onPayment"]!), Is.EqualTo((40_000L, 0L)));
        Assert.That(((long)summary["counterSoldToday"]!, (long)summary["complimentaryToday"]!, (int)summary["openShifts"]!), Is.EqualTo((3L, 1L, 1)));
        Assert.That((long)summary["money"]![0]!["counterRevenue"]!, Is.EqualTo(20_000L));
        Assert.That(((long)shown["counterOrders"]!, (long)summary["counterOrdersToday"]!), Is.EqualTo((2L, 2L)), "without the one that was voided");
        var seen = (await Admin.GetAsync($"/api/v1/events/{eventId}"))!;
        Assert.That((int)seen["available"]!, Is.EqualTo(95), "the public states follow, too");
    }

    [Test]
    [Order(2)]
    public async Task What_costs_nothing_goes_through_the_whole_host()
    {
        var body = TicketBoothApi.EventBody(tickets: 10, price: 0, name: "Open House");
        var free = (string)(await Admin.PublishEventAsync(body))["id"]!;

        var order = await office.Buyer.OrderAsync(free, 2);

        Assert.That(((string)order["status"]!, (long)order["total"]!), Is.EqualTo(("paid", 0L)));
        using var refused = await office.Buyer.Client.PostAsync(
            new Uri($"/api/v1/orders/{order["id"]}/payment", UriKind.Relative),
            new StringContent("""{ "method": "pix" }""", System.Text.Encoding.UTF8, "application/json"));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((string)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]!, Is.EqualTo("order-already-paid"));
        await Eventually.Async(() => Admin.GetAsync($"/api/v1/events/{free}"), shown => (int)shown["available"]! == 8, "the sale to be known");
        await Admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{free}/price-adjustments", new JsonObject { ["percentage"] = 50, ["note"] = "Nothing of nothing" });
        Assert.That((long)(await Admin.GetAsync($"/api/v1/events/{free}"))["priceFrom"]!, Is.Zero);
    }

    [Test]
    [Order(3)]
    public async Task Staff_sell_void_and_close_in_pages_and_clerks_see_their_own_day()
    {
        using var clerk = await Browser.InRoleAsync(host, "clerk");
        var tier = (string)(await Admin.GetAsync($"/api/v1/events/{eventId}"))["tiers"]![0]!["id"]!;
        var page = "/backoffice/counter?eventId=" + eventId;
        await clerk.SendFormAsync(page, "/backoffice/counter?handler=Open", ("operation", Id()), ("cash", "100"), ("currency", "BRL"), ("eventId", eventId));
        (string, string)[] sale =
        [
            ("eventId", eventId), ("operation", Id()), ("currency", "BRL"), ("Input.Tier", tier), ("Input.Quantity", "1"), ("Input.Method", "Cash"), ("Input.Tendered", "150"),
            ($"Input.Prices[{tier}]", "10000"),
        ];

        var sold = await clerk.SendFormAsync(page, "/backoffice/counter?handler=Sell", sale);
        var again = await clerk.SendFormAsync(page, "/backoffice/counter?handler=Sell", sale);

        Assert.That(sold.Status, Is.EqualTo(HttpStatusCode.Redirect), sold.Text);
        Assert.That(again.Location, Is.EqualTo(sold.Location), "a form that is sent twice sells once");
        Assert.That((await clerk.GetAsync(sold.Location!)).Text, Does.Contain("Sold: order").And.Contains("R$50.00"));
        var refused = await clerk.SendFormAsync(page, "/backoffice/counter?handler=Sell", [.. sale.Where(field => field.Item1 is not ("operation" or "Input.Tendered")), ("operation", Id()), ("Input.Tendered", "99")]);
        Assert.That(refused.Text, Does.Contain("The buyer has given less than the total."));

        var day = await clerk.GetAsync("/backoffice/counter/day");
        Assert.That(day.Text, Does.Contain("Bruna").And.Not.Contain("Administrator"));
        Assert.That((await clerk.GetAsync("/backoffice/counter/shift/" + shift)).Status, Is.EqualTo(HttpStatusCode.NotFound), "an administrator's");
        using var admin = await Browser.AdminAsync(host);
        Assert.That((await admin.GetAsync("/backoffice/counter/day")).Text, Does.Contain("Bruna").And.Contains("The house"));
        var csv = await admin.GetAsync("/backoffice/counter/day.csv?day=" + TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.That((csv.Status, csv.Header("Content-Type")), Is.EqualTo((HttpStatusCode.OK, "text/csv; charset=utf-8")));
        Assert.That(csv.Text.Split('\n').Length, Is.GreaterThanOrEqualTo(3));
        Assert.That((await admin.GetAsync("/backoffice/counter/day.csv?day=never")).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    [Order(4)]
    public async Task The_page_says_what_is_left_to_give_back()
    {
        using var admin = await Browser.AdminAsync(host);
        var order = await SellAsync(2, "cash");
        await Admin.SendAsync(
            HttpMethod.Post,
            $"/api/v1/orders/{order["id"]}/refunds",
            new JsonObject { ["ticketIds"] = new JsonArray((string)order["tickets"]![0]!["id"]!), ["reason"] = "Ill." });

        var voided = await admin.SendFormAsync(
            "/backoffice/counter?eventId=" + eventId,
            "/backoffice/counter?handler=Void",
            ("eventId", eventId), ("order", (string)order["id"]!), ("operation", Id()), ("reason", "Wrong day."));

        Assert.That((await admin.GetAsync(voided.Location!)).Text, Does.Contain("Give back R$100.00"));
    }

    [Test]
    [Order(5)]
    public async Task The_read_model_equals_the_ledger_and_the_audit_passes()
    {
        await office.SettledAsync();
        await Admin.SendAsync(HttpMethod.Post, $"/api/v1/shifts/{shift}/close", new JsonObject { ["counted"] = 40_000 });

        await using var scope = host.App.Services.CreateAsyncScope();
        var report = new InvariantReport();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures.Where(figure => figure.Name.StartsWith("counter sales", StringComparison.Ordinal)).Select(figure => figure.Value), Is.EqualTo(new[] { 5L }));
        Assert.That(report.Figures.Where(figure => figure.Name.StartsWith("closed shifts", StringComparison.Ordinal)).Select(figure => figure.Value), Is.EqualTo(new[] { 1L }));
    }

    private static string Id() => Guid.CreateVersion7().ToString();

    private Task<JsonObject> SellAsync(int quantity, string method, string? reason = null) =>
        Admin.SendAsync(HttpMethod.Post, "/api/v1/counter-sales", new JsonObject { ["eventId"] = eventId, ["quantity"] = quantity, ["method"] = method, ["reason"] = reason });
}
