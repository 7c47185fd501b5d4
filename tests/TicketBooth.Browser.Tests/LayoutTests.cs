using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>The frame of all pages and their tables, with the longest names, the largest sums and names that are written right to left.</summary>
internal sealed class LayoutTests
{
    private const string Hebrew = "לילה בקזינו (1)";

    private static readonly string LongName = "Noite" + new string('w', 195);

    private TestHost host = null!;
    private Onlookers onlookers = null!;
    private TicketBoothApi admin = null!;
    private string eventId = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync(settings: [FarFromMidnight.Setting]);
        onlookers = new Onlookers(host);
        admin = await TicketBoothApi.AdminAsync(host);
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var body = TicketBoothApi.EventBody(tickets: 50, price: 99_999_999, name: LongName);
        body["tiers"]![0]!["name"] = new string('W', 100);
        eventId = (string)(await admin.PublishEventAsync(body))["id"]!;
        await admin.PublishEventAsync(TicketBoothApi.EventBody(name: Hebrew));
        var order = (string)(await buyer.OrderAsync(eventId, 10))["id"]!;
        await buyer.PayAsync(order);
        await buyer.WaitForOrderAsync(order, "paid");
        buyer.Client.Dispose();
        await Eventually.Async(
            () => admin.GetAsync("/api/v1/dashboard/summary"),
            summary => (long)summary["today"]!["ordersPaid"]! == 1 && summary["events"]!.AsArray().Count == 2,
            "the sale and the events to be in the read model");
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        await onlookers.DisposeAsync();
        await host.DisposeAsync();
    }

    [Test]
    public async Task The_longest_name_hides_no_column_and_no_sum_breaks_inside_its_number(
        [Values("", "/orders", "/events", "/events/{event}")] string address, [Values] bool isPhone)
    {
        var office = await onlookers.AtAsync(isPhone, "/backoffice" + address.Replace("{event}", eventId, StringComparison.Ordinal));
        await office.ShootAsync($"long{address.Replace('/', '-').Replace("{event}", "one", StringComparison.Ordinal)}-{(isPhone ? "phone" : "desktop")}");

        var cut = await office.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('.table, .figure')]
                .filter(shown => shown.scrollWidth > shown.clientWidth + 1 || (shown.matches('.figure') && shown.offsetHeight > 30))
                .map(shown => (shown.querySelector('caption') ?? shown).textContent.trim())
            """);
        Assert.That(cut, Is.Empty, "what is cut off, or breaks");
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_phone_shows_each_row_as_a_list_of_named_cells()
    {
        var office = await onlookers.AtAsync(isPhone: true, "/backoffice/orders");

        var row = office.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Noite" }).Last;
        Assert.That(
            await row.EvaluateAsync<string[]>("row => [...row.cells].map(cell => getComputedStyle(cell, '::before').content)"),
            Does.Contain("\"Buyer\"").And.Contain("\"Event\"").And.Contain("\"Total\""));
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Filter(new() { HasText = "R$9,999,999.90" })).ToBeVisibleAsync();
    }

    [Test]
    public async Task The_menu_of_a_phone_is_closed_until_its_button_opens_it()
    {
        var office = await onlookers.AtAsync(isPhone: true, "/backoffice/orders");
        var menu = office.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main menu" });
        await Assertions.Expect(menu).ToBeHiddenAsync();
        Assert.That(await office.Page.EvaluateAsync<int>("document.querySelector('.top').offsetHeight"), Is.LessThan(80), "the bar takes the phone's screen");

        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Orders" })).ToHaveAttributeAsync("aria-current", "page");
        await office.ShootAsync("menu-phone");
        await office.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(menu).ToBeHiddenAsync();

        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await menu.GetByRole(AriaRole.Link, new() { Name = "Events" }).ClickAsync();
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Heading, new() { Name = "Events", Exact = true })).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_desk_has_the_menu_beside_the_page()
    {
        var office = await onlookers.AtAsync(isPhone: false, "/backoffice/orders");

        var menu = await office.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main menu" }).BoundingBoxAsync();
        var content = await office.Page.Locator("main").BoundingBoxAsync();

        Assert.That(menu!.X + menu.Width, Is.LessThanOrEqualTo(content!.X), "the menu lies on the page");
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Button, new() { Name = "Menu" })).ToBeHiddenAsync();
    }

    [Test]
    public async Task A_chart_keeps_the_window_of_time_that_was_chosen_while_sales_arrive()
    {
        var office = await onlookers.AtAsync(isPhone: false, $"/backoffice/events/{eventId}");
        var month = office.Page.GetByRole(AriaRole.Radio, new() { Name = "Last 30 days" }).First;
        await office.Page.GetByText("Last 30 days").First.ClickAsync();
        await Assertions.Expect(month).ToBeCheckedAsync();

        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        await buyer.OrderAsync(eventId, 3);
        buyer.Client.Dispose();

        await Assertions.Expect(office.Page.Locator(".window:visible").First).ToContainTextAsync("tickets reserved: 13");
        await Assertions.Expect(month).ToBeCheckedAsync();
    }
}
