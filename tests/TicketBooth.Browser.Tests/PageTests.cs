using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>Every page as people get it: no violation of WCAG that axe can find, nothing sticks out on a phone, and a picture to look at.</summary>
internal sealed class PageTests
{
    private TestHost host = null!;
    private Onlookers onlookers = null!;
    private TicketBoothApi admin = null!;
    private Dictionary<string, string> addresses = [];

    [OneTimeSetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync(settings: [FarFromMidnight.Setting]);

        // The phone is Portuguese and dark, so that both languages and schemes are seen.
        onlookers = new Onlookers(host, "pt-BR", isPhoneDark: true);
        admin = await TicketBoothApi.AdminAsync(host);
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 50, price: 10_000)))["id"]!;
        var order = (string)(await buyer.OrderAsync(eventId, 2))["id"]!;
        await buyer.PayAsync(order);
        await buyer.WaitForOrderAsync(order, "paid");
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/price-adjustments", new System.Text.Json.Nodes.JsonObject { ["percentage"] = 5, ["note"] = "Carnival" });
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/ticket-blocks", new System.Text.Json.Nodes.JsonObject { ["kind"] = "hold", ["numbers"] = "11-13", ["reason"] = "A camera stands there." });
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/ticket-blocks", new System.Text.Json.Nodes.JsonObject { ["kind"] = "kill", ["numbers"] = "20", ["reason"] = "Broken." });
        var draft = (string)(await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(tickets: 50, name: "Carnival Ball")))["id"]!;
        buyer.Client.Dispose();
        addresses = Pages.ToDictionary(name => name, name => "/backoffice" + name.Replace("{event}", eventId, StringComparison.Ordinal).Replace("{order}", order, StringComparison.Ordinal).Replace("{draft}", draft, StringComparison.Ordinal), StringComparer.Ordinal);
        await Eventually.Async(
            () => admin.GetAsync("/api/v1/dashboard/summary"), summary => (long)summary["today"]!["ordersPaid"]! == 1, "the sale to be in the read model");
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        await onlookers.DisposeAsync();
        await host.DisposeAsync();
    }

    /// <summary>The addresses below /backoffice.</summary>
    private static IEnumerable<string> Pages =>
    [
        "", "/events", "/events/{event}", "/events/{event}/orders", "/events/{event}/prices", "/events/{event}/off-sale", "/events/{event}/door", "/events/{draft}", "/events/new", "/events/{event}/edit", "/events/{draft}/edit", "/events/{draft}/prices", "/events/{draft}/door", "/orders", "/orders/{order}", "/dead-letters", "/mails", "/mails/preview", "/users", "/acts", "/upkeep", "/security",
    ];

    [Test]
    public async Task Every_page_is_accessible_and_fits(
        [ValueSource(nameof(Pages))] string name, [Values] bool isPhone)
    {
        var office = await onlookers.AtAsync(isPhone, addresses[name]);
        await office.ShootAsync($"{(name.Length == 0 ? "overview" : name.Trim('/').Replace('/', '-').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal))}-{(isPhone ? "phone" : "desktop")}");

        var barriers = await office.FindBarriersAsync();

        Assert.Multiple(() =>
        {
            Assert.That(barriers, Is.Empty);
            Assert.That(office.Complaints, Is.Empty);
        });
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
    }

    [Test]
    public async Task A_barrier_is_found_where_there_is_one()
    {
        var office = await onlookers.AtAsync(isPhone: false, addresses["/security"]);
        await office.Page.EvaluateAsync("document.querySelector('main').append(document.createElement('img'))");

        Assert.That(await office.FindBarriersAsync(), Has.One.StartsWith("image-alt: "));
    }

    [Test]
    public async Task The_sign_in_page_is_accessible_and_fits([Values] bool isPhone)
    {
        await using var office = await BackOffice.OpenAsync(host, isPhone, isDark: !isPhone);
        await office.GoAsync("/backoffice/sign-in");
        await office.ShootAsync($"sign-in-{(isPhone ? "phone" : "desktop")}");

        Assert.That(await office.FindBarriersAsync(), Is.Empty);
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
    }

    [Test]
    public async Task The_keyboard_skips_the_menu()
    {
        var office = await onlookers.AtAsync(isPhone: false, "/backoffice");
        await office.Page.Keyboard.PressAsync("Tab");
        var first = await office.Page.EvaluateAsync<string>("document.activeElement.className");
        await office.Page.Keyboard.PressAsync("Enter");

        Assert.That(first, Is.EqualTo("skip"));
        Assert.That(await office.Page.EvaluateAsync<string>("document.activeElement.id"), Is.EqualTo("content"));
    }
}
