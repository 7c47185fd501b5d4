using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>What people at the back office do and see about an event, in a real browser.</summary>
internal sealed class LiveTests : SaleFixture
{
    [OneTimeSetUp]
    public Task Open() => OpenAsync();

    [SetUp]
    public Task Publish() => PublishAsync();

    [OneTimeTearDown]
    public Task Close() => CloseAsync();

    [Test]
    public async Task An_adjusted_price_is_what_a_buyer_reads_and_what_every_open_page_shows()
    {
        await using var watching = await BackOffice.SignedInAsync(Host);
        await watching.GoAsync($"/backoffice/events/{EventId}");
        await using var alsoWatching = await BackOffice.SignedInAsync(Host);
        await alsoWatching.GoAsync($"/backoffice/events/{EventId}/prices");
        await using var steering = await BackOffice.SignedInAsync(Host);
        await steering.GoAsync($"/backoffice/events/{EventId}/prices");

        await steering.Page.GetByLabel("Percent, for example 10 or -5").FillAsync("10");
        await steering.Page.GetByLabel("Note (optional)").FillAsync("Carnival");
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Show the new prices" }).ClickAsync();
        await Assertions.Expect(steering.Page.Locator(".preview tbody tr")).ToContainTextAsync("R$110.00");
        await steering.ShootAsync("event-event-prices-preview-desktop");
        Assert.That((long)(await Buyer.GetAsync($"/api/v1/events/{EventId}"))["tiers"]![0]!["price"]!, Is.EqualTo(10_000), "a preview changes nothing");
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Adjust to these prices" }).ClickAsync();

        await Assertions.Expect(steering.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The prices are adjusted.");
        await Assertions.Expect(watching.Page.Locator("#tiers")).ToContainTextAsync("R$110.00");
        await Assertions.Expect(alsoWatching.Page.Locator("[data-with-prices]")).ToContainTextAsync("Carnival");
        var shown = await Buyer.GetAsync($"/api/v1/events/{EventId}");
        Assert.That((long)shown["tiers"]![0]!["price"]!, Is.EqualTo(11_000));
        Assert.That(watching.Complaints.Concat(alsoWatching.Complaints).Concat(steering.Complaints), Is.Empty);

        await steering.Page.GetByText("Take it back").ClickAsync();
        await steering.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(steering.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The change is taken back.");
        await Assertions.Expect(watching.Page.Locator("#tiers")).ToContainTextAsync("R$100.00");
    }

    [Test]
    public async Task A_pause_keeps_prices_where_they_are_until_they_are_resumed()
    {
        await using var office = await BackOffice.SignedInAsync(Host);
        await office.GoAsync($"/backoffice/events/{EventId}/prices");
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
        await using var office = await BackOffice.SignedInAsync(Host);
        var page = office.Page;
        await office.GoAsync("/backoffice/events/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Opera Night");
        await page.GetByLabel("Venue", new() { Exact = true }).FillAsync("Main Hall");
        await page.GetByLabel("Starts").FillAsync(LocalTime(days: 30));
        await page.GetByLabel("Sale closes", new() { Exact = true }).FillAsync(LocalTime(days: 29));
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
        var shown = await Buyer.GetAsync($"/api/v1/events/{id}");
        Assert.That(((string?)shown["venue"], (long)shown["tiers"]![0]!["price"]!), Is.EqualTo(("Small Hall", 8_050L)));
        Assert.That((long)(await Buyer.OrderAsync(id, 2))["total"]!, Is.EqualTo(16_100));
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_refund_frees_the_tickets_gives_the_money_back_and_leaves_the_revenue()
    {
        var order = await PaidAsync(2);
        await using var office = await BackOffice.SignedInAsync(Host);
        await office.GoAsync($"/backoffice/orders/{order}");
        await office.Page.GetByText("Refund this order").ClickAsync();
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Refund R$200.00" }).ClickAsync();

        await Assertions.Expect(office.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The order is refunded");
        await Eventually.Async(
            () => Buyer.GetAsync($"/api/v1/orders/{order}"), shown => (string?)shown["payment"]!["status"] == "refunded", "the money to be back");
        await office.GoAsync($"/backoffice/events/{EventId}");
        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("0 sold, 0 awaiting payment, 50 available");
        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("R$200.00 refunded");
    }

    [Test]
    public async Task A_part_is_given_back_by_ticking_a_ticket_and_the_other_stays_sold()
    {
        var order = await PaidAsync(2);
        await using var office = await BackOffice.SignedInAsync(Host);
        var page = office.Page;
        await office.GoAsync($"/backoffice/orders/{order}");
        await page.GetByText("Give back a part").ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "R$100.00" }).First.CheckAsync();
        await page.GetByLabel("Amount (empty").FillAsync("80.00");
        await page.GetByLabel("Reason", new() { Exact = true }).FillAsync("Could not see the stage.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give back", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("Given back so far: R$80.00.");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Refunds" })).ToContainTextAsync("Could not see the stage.");
        var shown = await Buyer.GetAsync($"/api/v1/orders/{order}");
        Assert.That(((string?)shown["status"], (long)shown["returned"]!, shown["tickets"]!.AsArray().Count(ticket => (bool?)ticket!["released"] == true)), Is.EqualTo(("paid", 8_000L, 1)));
        await office.GoAsync($"/backoffice/events/{EventId}");
        await Assertions.Expect(page.Locator("[data-live]")).ToContainTextAsync("1 sold, 0 awaiting payment, 49 available");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task An_event_is_called_off_by_its_name_and_its_page_counts_the_refunds()
    {
        await PaidAsync(1);
        await PaidAsync(3);
        await using var office = await BackOffice.SignedInAsync(Host);
        var name = (string)(await Buyer.GetAsync($"/api/v1/events/{EventId}"))["name"]!;
        foreach (var (typed, said) in new[] { ("Another event", "This is not the event's name"), (name, "is canceled") })
        {
            await office.GoAsync($"/backoffice/events/{EventId}/edit");
            await office.Page.GetByText("Cancel this event", new() { Exact = true }).ClickAsync();
            await Assertions.Expect(office.Page.GetByText("4 sold tickets become void and R$400.00 are refunded")).ToBeVisibleAsync();
            await office.Page.GetByLabel("Type the event's name to confirm").FillAsync(typed);
            await office.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel event" }).ClickAsync();
            await Assertions.Expect(office.Page.Locator("main")).ToContainTextAsync(said);
        }

        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("2 of 2 paid orders are refunded");
    }

    [Test]
    public async Task A_clerk_watches_and_cannot_steer()
    {
        const string Email = "clerk@example.com";
        const string Password = "a-long-enough-password";
        var clerk = await Admin.SendAsync(HttpMethod.Post, "/api/v1/accounts", new System.Text.Json.Nodes.JsonObject { ["name"] = "Clara", ["email"] = Email, ["password"] = Password });
        await Admin.SendAsync(
            HttpMethod.Put, $"/api/v1/accounts/{clerk["id"]}/roles", new System.Text.Json.Nodes.JsonObject { ["roles"] = new System.Text.Json.Nodes.JsonArray("clerk") });
        await using var office = await BackOffice.SignedInAsync(Host, Email, Password);

        await office.GoAsync($"/backoffice/events/{EventId}");
        Assert.That(await office.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).CountAsync(), Is.Zero);
        await office.GoAsync($"/backoffice/events/{EventId}/prices");
        Assert.That(await office.Page.Locator("#adjust, #policy, #undo").CountAsync(), Is.Zero);
        var users = await office.Page.GotoAsync("/backoffice/users");

        Assert.That(users!.Status, Is.EqualTo(403));
    }

    /// <summary>As an input of the type datetime-local takes it.</summary>
    private static string LocalTime(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
