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
        host = await TestHost.StartAsync();
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
        await Assertions.Expect(live).ToContainTextAsync("R$200.00");
        await Assertions.Expect(live).ToContainTextAsync("2 / 50");
        Assert.That(await office.Page.EvaluateAsync<bool>("window.notReloaded === true"), "the page was reloaded");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task An_adjusted_price_is_what_a_buyer_reads_and_what_every_open_page_shows()
    {
        await using var watching = await BackOffice.SignedInAsync(host);
        await watching.GoAsync($"/backoffice/events/{eventId}");
        await using var alsoWatching = await BackOffice.SignedInAsync(host);
        await alsoWatching.GoAsync($"/backoffice/events/{eventId}/prices");
        await using var steering = await BackOffice.SignedInAsync(host);
        await steering.GoAsync($"/backoffice/events/{eventId}/prices");

        await steering.Page.GetByLabel("Percent, for example 10 or -5").FillAsync("10");
        await steering.Page.GetByLabel("Note (optional)").FillAsync("Carnival");
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Show the new prices" }).ClickAsync();
        await Assertions.Expect(steering.Page.Locator(".preview tbody tr")).ToContainTextAsync("R$110.00");
        await steering.ShootAsync("event-event-prices-preview-desktop");
        Assert.That((long)(await buyer.GetAsync($"/api/v1/events/{eventId}"))["tiers"]![0]!["price"]!, Is.EqualTo(10_000), "a preview changes nothing");
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Adjust to these prices" }).ClickAsync();

        await Assertions.Expect(steering.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The prices are adjusted.");
        await Assertions.Expect(watching.Page.Locator("#tiers")).ToContainTextAsync("R$110.00");
        await Assertions.Expect(alsoWatching.Page.Locator("[data-with-prices]")).ToContainTextAsync("Carnival");
        var shown = await buyer.GetAsync($"/api/v1/events/{eventId}");
        Assert.That((long)shown["tiers"]![0]!["price"]!, Is.EqualTo(11_000));
        Assert.That(watching.Complaints.Concat(alsoWatching.Complaints).Concat(steering.Complaints), Is.Empty);

        await steering.Page.GetByText("Take it back").ClickAsync();
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(steering.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The change is taken back.");
        await Assertions.Expect(watching.Page.Locator("#tiers")).ToContainTextAsync("R$100.00");
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

        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("3 / 50");
    }

    [Test]
    public async Task A_pause_keeps_prices_where_they_are_until_they_are_resumed()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync($"/backoffice/events/{eventId}/prices");
        await office.Page.GetByText("Change the policy").ClickAsync();
        await office.Page.GetByLabel("Usual: up to 50 % more").CheckAsync();
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Show what it does" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator(".preview figure")).ToContainTextAsync("with this policy");
        await office.ShootAsync("event-event-policy-preview-desktop");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Set the policy" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator("#policy + p")).ToHaveTextAsync("Prices follow demand.");

        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator("#policy + p")).ToHaveTextAsync("Prices follow demand, but are paused.");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator("#policy + p")).ToHaveTextAsync("Prices follow demand.");
    }

    [Test]
    public async Task An_event_is_written_changed_and_published_and_then_for_sale()
    {
        await using var office = await BackOffice.SignedInAsync(host);
        var page = office.Page;
        await office.GoAsync("/backoffice/events/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Opera Night");
        await page.GetByLabel("Venue", new() { Exact = true }).FillAsync("Main Hall");
        await page.GetByLabel("Starts").FillAsync(LocalTime(days: 30));
        await page.GetByLabel("Sale closes").FillAsync(LocalTime(days: 29));
        await page.GetByLabel("Capacity of the venue").FillAsync("20");
        await page.GetByLabel("Name of tier 1").FillAsync("Stalls");
        await page.GetByLabel("Base price of tier 1").FillAsync("80.50");
        await page.GetByLabel("Tickets of tier 1").FillAsync("30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("capacity", new() { IgnoreCase = true });
        await Assertions.Expect(page.GetByLabel("Base price of tier 1")).ToHaveValueAsync("80.50");

        await page.GetByLabel("Tickets of tier 1").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("Opera Night is saved.");
        var id = new Uri(page.Url).Segments[^2].TrimEnd('/');
        Assert.That(Guid.TryParse(id, out _), $"{page.Url} is not an event's own page");
        await office.GoAsync($"/backoffice/events/{id}/edit");
        await page.GetByLabel("Venue", new() { Exact = true }).FillAsync("Small Hall");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and publish" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("Opera Night is published.");
        var shown = await buyer.GetAsync($"/api/v1/events/{id}");
        Assert.That(((string?)shown["venue"], (long)shown["tiers"]![0]!["price"]!), Is.EqualTo(("Small Hall", 8_050L)));
        Assert.That((long)(await buyer.OrderAsync(id, 2))["total"]!, Is.EqualTo(16_100));
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_refund_frees_the_tickets_gives_the_money_back_and_leaves_the_revenue()
    {
        var order = await PaidAsync(2);
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync($"/backoffice/orders/{order}");
        await office.Page.GetByText("Refund this order").ClickAsync();
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Refund R$200.00" }).ClickAsync();

        await Assertions.Expect(office.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The order is refunded");
        await Eventually.Async(
            () => buyer.GetAsync($"/api/v1/orders/{order}"), shown => (string?)shown["payment"]!["status"] == "refunded", "the money to be back");
        await office.GoAsync($"/backoffice/events/{eventId}");
        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("0 sold, 0 awaiting payment, 50 available");
        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("R$200.00 refunded");
    }

    [Test]
    public async Task An_event_is_called_off_by_its_name_and_its_page_counts_the_refunds()
    {
        await PaidAsync(1);
        await PaidAsync(3);
        await using var office = await BackOffice.SignedInAsync(host);
        var name = (string)(await buyer.GetAsync($"/api/v1/events/{eventId}"))["name"]!;
        foreach (var (typed, said) in new[] { ("Another event", "This is not the event's name"), (name, "is canceled") })
        {
            await office.GoAsync($"/backoffice/events/{eventId}/edit");
            await office.Page.GetByText("Cancel this event", new() { Exact = true }).ClickAsync();
            await Assertions.Expect(office.Page.GetByText("4 sold tickets become void and R$400.00 are refunded")).ToBeVisibleAsync();
            await office.Page.GetByLabel("Type the event's name to confirm").FillAsync(typed);
            await office.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel event" }).ClickAsync();
            await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync(said);
        }

        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("2 of 2 paid orders are refunded");
    }

    [Test]
    public async Task A_table_sorts_by_the_header_that_is_clicked_and_stays_sorted_while_sales_arrive()
    {
        var cheap = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 10, price: 5_000)))["id"]!;
        await using var office = await BackOffice.SignedInAsync(host);
        await office.GoAsync("/backoffice");
        var rows = office.Page.Locator("#selling tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        var header = office.Page.Locator("#selling th[scope=col]").Last;
        await PaidAsync(1);
        await Assertions.Expect(office.Page.Locator("#selling")).ToContainTextAsync("R$100.00");

        await header.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "ascending");
        await Assertions.Expect(rows.First.Locator("a")).ToHaveAttributeAsync("href", "/backoffice/events/" + cheap);
        await header.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(rows.First.Locator("a")).ToHaveAttributeAsync("href", "/backoffice/events/" + eventId);

        var order = await buyer.OrderAsync(cheap, 3);
        await buyer.PayAsync((string)order["id"]!);
        await Assertions.Expect(office.Page.Locator("#selling")).ToContainTextAsync("R$150.00");
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(rows.First.Locator("a")).ToHaveAttributeAsync("href", "/backoffice/events/" + cheap);
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
        Assert.That(await office.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).CountAsync(), Is.Zero);
        await office.GoAsync($"/backoffice/events/{eventId}/prices");
        Assert.That(await office.Page.Locator("#adjust, #policy, #undo").CountAsync(), Is.Zero);
        var users = await office.Page.GotoAsync("/backoffice/users");

        Assert.That(users!.Status, Is.EqualTo(403));
    }

    private async Task<string> PaidAsync(int tickets)
    {
        var order = (string)(await buyer.OrderAsync(eventId, tickets))["id"]!;
        await buyer.PayAsync(order);
        await buyer.WaitForOrderAsync(order, "paid");
        await Eventually.Async(
            () => admin.GetAsync($"/api/v1/dashboard/orders?search={order}&status=paid"), found => found["items"]!.AsArray().Count == 1, "the read model to know of it");
        return order;
    }

    /// <summary>As an input of the type datetime-local takes it.</summary>
    private static string LocalTime(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
