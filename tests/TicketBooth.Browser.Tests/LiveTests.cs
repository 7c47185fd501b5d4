using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>What people at the back office do and see, in a real browser.</summary>
internal sealed class LiveTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private TicketBoothApi buyer = null!;
    private string eventId = "";

    [SetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync(settings: [("Accounts:PasswordIterations", "10000")]);
        admin = await TicketBoothApi.AdminAsync(host);
        buyer = await TicketBoothApi.NewBuyerAsync(host);
        eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 50, price: 10_000)))["id"]!;
        await Eventually.Async(
            () => admin.GetAsync("/api/v1/dashboard/summary"), summary => summary["events"]!.AsArray().Count == 1, "the event to be in the read model");
    }

    [TearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        buyer.Client.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public async Task A_sale_arrives_on_an_open_page_without_a_reload()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync("/backoffice");
        await office.Page.EvaluateAsync("window.notReloaded = true");

        var order = await buyer.OrderAsync(eventId, 2);
        await buyer.PayAsync((string)order["id"]!);
        await buyer.WaitForOrderAsync((string)order["id"]!, "paid");

        var live = office.Page.Locator("[data-live]");
        await Assertions.Expect(live).ToContainTextAsync("R$200.00", new() { Timeout = 3_000 });
        await Assertions.Expect(live).ToContainTextAsync("2 / 50");
        Assert.That(await office.Page.EvaluateAsync<bool>("window.notReloaded === true"), "the page was reloaded");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task An_adjusted_price_is_what_a_buyer_reads_and_what_every_open_page_shows()
    {
        await using var watching = await BackOffice.SignedInAsync(host);
        await watching.GoAsync($"/backoffice/events/{eventId}");
        await using var steering = await BackOffice.SignedInAsync(host);
        await steering.GoAsync($"/backoffice/events/{eventId}");

        await steering.Page.GetByLabel("Percent, for example 10 or -5").FillAsync("10");
        await steering.Page.GetByLabel("Note (optional)").FillAsync("Carnival");
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Adjust" }).ClickAsync();

        await Assertions.Expect(steering.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The prices are adjusted.");
        await Assertions.Expect(watching.Page.Locator("#tiers")).ToContainTextAsync("R$110.00", new() { Timeout = 3_000 });
        await Assertions.Expect(watching.Page.Locator("[data-with-prices]")).ToContainTextAsync("Carnival");
        var shown = await buyer.GetAsync($"/api/v1/events/{eventId}");
        Assert.That((long)shown["tiers"]![0]!["price"]!, Is.EqualTo(11_000));
        Assert.That(watching.Complaints.Concat(steering.Complaints), Is.Empty);
    }

    [Test]
    public async Task A_page_finds_its_way_back_after_the_connection_was_lost()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync("/backoffice");
        await office.Page.Context.SetOfflineAsync(true);
        await office.Page.EvaluateAsync("fetch('/backoffice').catch(() => {})");
        await office.Page.Context.SetOfflineAsync(false);

        var order = await buyer.OrderAsync(eventId, 3);
        await buyer.PayAsync((string)order["id"]!);

        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("3 / 50", new() { Timeout = 15_000 });
    }

    [Test]
    public async Task A_pause_keeps_prices_where_they_are_until_they_are_resumed()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync($"/backoffice/events/{eventId}");
        await office.Page.GetByText("Change the policy").ClickAsync();
        await office.Page.GetByLabel("Prices follow", new() { Exact = true }).SelectOptionAsync("Demand");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Set the policy" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator("#policy + p")).ToHaveTextAsync("Prices follow demand.");

        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator("#policy + p")).ToHaveTextAsync("Prices follow demand, but are paused.");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator("#policy + p")).ToHaveTextAsync("Prices follow demand.");
    }

    [Test]
    public async Task A_clerk_watches_and_cannot_steer()
    {
        const string Email = "clerk@example.com";
        const string Password = "a-long-enough-password";
        var clerk = await admin.SendAsync(HttpMethod.Post, "/api/v1/accounts", new System.Text.Json.Nodes.JsonObject { ["name"] = "Clara", ["email"] = Email, ["password"] = Password });
        await admin.SendAsync(
            HttpMethod.Put, $"/api/v1/accounts/{clerk["id"]}/roles", new System.Text.Json.Nodes.JsonObject { ["roles"] = new System.Text.Json.Nodes.JsonArray("clerk") });
        await using var office = await BackOffice.SignedInAsync(host, Email, Password);

        await office.GoAsync($"/backoffice/events/{eventId}");
        Assert.That(await office.Page.Locator("#adjust, #policy").CountAsync(), Is.Zero);
        var users = await office.Page.GotoAsync("/backoffice/users");

        Assert.That(users!.Status, Is.EqualTo(403));
    }
}
