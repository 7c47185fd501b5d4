using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>Money that needs attention: what staff see of it and do about it, at a desk and on a narrow phone.</summary>
internal sealed class MoneyTests
{
    private const int NarrowPhone = 360;

    private readonly SandboxWebhooks webhooks = new();

    private TestHost host = null!;
    private Onlookers onlookers = null!;
    private TicketBoothApi admin = null!;
    private string disputed = "";
    private string refunded = "";
    private string comparison = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        // A span around the tests and no day: they may run across midnight.
        var began = TimeProvider.System.GetUtcNow();
        host = await TestHost.StartAsync(settings: [webhooks.Setting]);
        onlookers = new Onlookers(host, "pt-BR", isPhoneDark: true);
        admin = await TicketBoothApi.AdminAsync(host);
        using var buyer = (await TicketBoothApi.NewBuyerAsync(host)).Client;
        var shop = new TicketBoothApi(buyer);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 50, price: 10_000)))["id"]!;
        disputed = await PaidAsync(shop, eventId, "tok_dispute");
        refunded = await PaidAsync(shop, eventId, "tok_refund_fails");
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/orders/{refunded}/cancel");
        await TellOfUnknownMoneyAsync();
        await Eventually.Async(
            () => admin.GetAsync("/api/v1/payments/cases"), cases => cases["items"]!.AsArray().Count == 3, "a dispute, a refund that failed, and money of nobody");
        comparison = (string)(await admin.SendAsync(
            HttpMethod.Post,
            "/api/v1/payments/reconciliations",
            new JsonObject { ["from"] = began.AddHours(-1), ["to"] = began.AddDays(1) }))["id"]!;
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        await onlookers.DisposeAsync();
        await host.DisposeAsync();
    }

    [Test]
    [Order(1)]
    public async Task Every_page_about_money_is_accessible_and_fits(
        [Values("/money", "/money?all=true", "/money/comparisons", "/money/comparisons/{comparison}", "/orders/{disputed}", "/orders/{refunded}", "/orders?attention=disputed")] string address, [Values] bool isPhone)
    {
        var path = "/backoffice" + address.Replace("{comparison}", comparison, StringComparison.Ordinal).Replace("{disputed}", disputed, StringComparison.Ordinal).Replace("{refunded}", refunded, StringComparison.Ordinal);
        var office = await onlookers.AtAsync(isPhone, path);
        if (isPhone)
        {
            await office.Page.SetViewportSizeAsync(NarrowPhone, 800);
        }

        foreach (var closed in await office.Page.Locator("main details.act").AllAsync())
        {
            await closed.EvaluateAsync("details => details.open = true");
        }

        await office.ShootAsync($"{address.Trim('/').Replace('/', '-').Replace("?", "-", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}-{(isPhone ? "phone" : "desktop")}");

        Assert.That(await office.FindBarriersAsync(), Is.Empty);
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    [Order(2)]
    public async Task The_order_shows_its_dispute_and_the_overview_counts_what_waits()
    {
        var office = await onlookers.AtAsync(isPhone: false, "/backoffice/orders/" + disputed);
        await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync("The buyer's bank disputes money of this order.");
        await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync("The cardholder says that it was not them");
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Region, new() { Name = "What was ordered" })).ToContainTextAsync("Disputed");

        office = await onlookers.AtAsync(isPhone: false, "/backoffice/orders?attention=disputed");
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Row).Last).ToContainTextAsync("Disputed");

        office = await onlookers.AtAsync(isPhone: false, "/backoffice");
        var needs = office.Page.GetByRole(AriaRole.Region, new() { Name = "Needs attention" });
        await Assertions.Expect(needs.GetByRole(AriaRole.Link, new() { Name = "3 cases of money that wait" })).ToBeVisibleAsync();
        await Assertions.Expect(needs.GetByRole(AriaRole.Link, new() { Name = "1 order with a dispute" })).ToBeVisibleAsync();
        await Assertions.Expect(needs.GetByRole(AriaRole.Link, new() { Name = "1 difference between the gateways and us" })).ToBeVisibleAsync();
    }

    [Test]
    [Order(3)]
    public async Task The_differences_of_a_comparison_are_downloaded()
    {
        var office = await onlookers.AtAsync(isPhone: false, "/backoffice/money/comparisons/" + comparison);
        var download = await office.Page.RunAndWaitForDownloadAsync(() => office.Page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[1], Does.StartWith("\"Sandbox\",\"Only we have it\",\"Captured\",\"unknown-1\","));
    }

    [Test]
    [Order(4)]
    public async Task Staff_deal_with_each_case_and_the_menu_counts_down()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync("/backoffice/money");
        var menu = office.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Money", RegexOptions.None, TimeSpan.FromSeconds(1)) });
        await Assertions.Expect(menu).ToContainTextAsync("3 waiting");

        await DecideAsync(office, "A refund failed", "Paid back by hand", "Reference of the transfer", "TED 000123", "It was paid back");
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The refund counts as paid back.");
        await Assertions.Expect(menu).ToContainTextAsync("2 waiting");

        await DecideAsync(office, "Disputed by the buyer's bank", "Take note", "Note", "Answered with the signature", "Store the note");
        await Assertions.Expect(menu).ToContainTextAsync("1 waiting");

        await DecideAsync(office, "Money without a payment", "Keep it", "What it is for", "Deposit for the gala", "Keep R$7.00");
        await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync("No money waits for a person.");

        await office.GoAsync("/backoffice/money?all=true");
        await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync("TED 000123");
        await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync("Deposit for the gala");
        Assert.That(office.Complaints, Is.Empty);
    }

    private static async Task DecideAsync(BackOffice office, string title, string choice, string label, string text, string button)
    {
        var shown = office.Page.GetByRole(AriaRole.Region, new() { NameRegex = new(title, RegexOptions.None, TimeSpan.FromSeconds(1)) });
        await shown.Locator("summary").Filter(new() { HasText = choice }).ClickAsync();
        await shown.GetByLabel(label, new() { Exact = true }).FillAsync(text);
        await shown.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Assertions.Expect(shown).ToHaveCountAsync(0);
    }

    private static async Task<string> PaidAsync(TicketBoothApi shop, string eventId, string token)
    {
        var order = (string)(await shop.OrderAsync(eventId, 1))["id"]!;
        await shop.PayAsync(order, token);
        await shop.WaitForOrderAsync(order, "paid");
        return order;
    }

    /// <summary>A webhook of the gateway's about a payment that nobody began.</summary>
    private Task TellOfUnknownMoneyAsync() => webhooks.TellAsync(
        admin.Client,
        "payment.confirmed",
        new JsonObject { ["externalId"] = "unknown-1", ["paymentId"] = Guid.CreateVersion7(), ["amount"] = 700, ["currency"] = "BRL" });
}
