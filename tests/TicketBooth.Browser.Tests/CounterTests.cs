using System.Text.Json.Nodes;
using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>The counter as a clerk works at it: a shift, a sale by three keys, the change, the printer, a void, the close. At a desk and on a narrow phone.</summary>
internal sealed class CounterTests
{
    private const int NarrowPhone = 360;
    private const string Clerk = "rui@example.com";
    private const string Password = "a-long-enough-password";

    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private string eventId = "";
    private string canceled = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        host = await TestHost.StartAsync();
        admin = await TicketBoothApi.AdminAsync(host);
        var body = TicketBoothApi.EventBody(tickets: 50, price: 12_000, name: "Jazz Night");
        body["tiers"]!.AsArray().Add(new JsonObject { ["name"] = "Balcony", ["price"] = 8_000, ["tickets"] = 20 });
        body["capacity"] = 100;
        eventId = (string)(await admin.PublishEventAsync(body))["id"]!;
        await admin.SendAsync(HttpMethod.Post, "/api/v1/shifts", new JsonObject { ["float"] = 20_000 });
        var clerk = await admin.SendAsync(HttpMethod.Post, "/api/v1/accounts", new JsonObject { ["name"] = "Rui", ["email"] = Clerk, ["password"] = Password });
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{clerk["id"]}/roles", new JsonObject { ["roles"] = new JsonArray("clerk") });
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{eventId}/complimentary-allowance", new JsonObject { ["allowance"] = 5 });
        canceled = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 10, price: 5_000, name: "Rained Off")))["id"]!;
        await Eventually.Async(
            () => admin.GetAsync("/api/v1/dashboard/summary"), summary => summary["events"]!.AsArray().Count == 2, "both events to be in the read model");
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        admin.Client.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    [Order(1)]
    public async Task A_clerk_opens_a_shift_and_sells_by_three_keys()
    {
        await using var office = await BackOffice.SignedInAsync(host, Clerk, Password);
        await office.GoAsync($"/backoffice/counter?eventId={eventId}");
        await office.ShootAsync("counter-closed-desktop");
        await office.Page.Locator("#cash").FillAsync("200.00");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Open the shift" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator(".note.done")).ToHaveTextAsync("Your shift is open.");
        await office.GoAsync($"/backoffice/counter?eventId={eventId}");

        // Two tickets of the second tier, paid in cash.
        await office.Page.Keyboard.PressAsync("2");
        await office.Page.Keyboard.PressAsync("w");
        await Assertions.Expect(office.Page.Locator("[data-total]")).ToContainTextAsync("160.00");
        await office.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(office.Page.Locator(".sold h2")).ToContainTextAsync("Sold: order");
        await Assertions.Expect(office.Page.Locator(".sold")).ToContainTextAsync("160.00");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    [Order(2)]
    public async Task The_change_is_told_before_and_after_and_the_sale_is_voided()
    {
        await using var office = await BackOffice.SignedInAsync(host, Clerk, Password);
        await office.GoAsync($"/backoffice/counter?eventId={eventId}");
        await office.Page.Keyboard.PressAsync("v");
        await office.Page.Keyboard.TypeAsync("150.00");
        await Assertions.Expect(office.Page.Locator("[data-change]")).ToContainTextAsync("30.00");
        await office.ShootAsync("counter-selling-desktop");
        await office.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(office.Page.Locator(".sold .change")).ToContainTextAsync("30.00");
        await office.Page.Locator(".sold details.act summary").ClickAsync();
        await office.Page.Locator("#void-reason").FillAsync("Wrong day.");
        await office.ShootAsync("counter-sold-desktop");
        Assert.That(await office.FindBarriersAsync(), Is.Empty);

        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, void it" }).ClickAsync();

        await Assertions.Expect(office.Page.Locator(".note.done")).ToContainTextAsync("The sale is void. Give back");
        await Assertions.Expect(office.Page.Locator(".sold h2")).ToContainTextAsync("Void: order");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    [Order(3)]
    public async Task Tickets_are_printed_on_a_roll_and_on_a4([Values("80mm", "a4")] string paper)
    {
        var order = (string)(await SellAsync(eventId, 2))["id"]!;
        await using var office = await BackOffice.SignedInAsync(host, Clerk, Password);
        await office.GoAsync($"/backoffice/counter/tickets/{order}?paper={paper}");
        await Assertions.Expect(office.Page.Locator(".ticket")).ToHaveCountAsync(2);
        await Assertions.Expect(office.Page.GetByRole(AriaRole.Button, new() { Name = "Print" })).ToBeVisibleAsync();
        Assert.That(await office.FindBarriersAsync(), Is.Empty);

        await office.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(office.Page.Locator(".top")).ToBeHiddenAsync();
        await Assertions.Expect(office.Page.Locator(".no-print").First).ToBeHiddenAsync();
        await office.ShootAsync($"counter-tickets-{paper}");
        await Assertions.Expect(office.Page.Locator(".ticket").First).ToContainTextAsync("(UTC-03:00)");
        await Assertions.Expect(office.Page.Locator(".ticket").First).ToContainTextAsync("Sold by TicketBooth");

        var issued = (await admin.GetAsync($"/api/v1/orders/{order}/tickets"))["items"]!.AsArray();
        foreach (var ticket in issued)
        {
            var drawn = office.Page.Locator($"[data-ticket='{ticket!["ticketId"]}'] .qr");
            Assert.That(await PrintedCode.ReadAsync(office.Page, drawn), Is.EqualTo((string?)ticket["code"]));
            Assert.That(await PrintedCode.ModuleInMillimetresAsync(drawn), Is.InRange(1.05, 1.07));
        }

        Assert.That(issued, Has.Count.EqualTo(2));
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    [Order(4)]
    public async Task Every_page_of_the_counter_is_accessible_and_fits_a_narrow_phone(
        [Values("", "/shift", "/day", "/owed")] string page, [Values] bool isPhone)
    {
        if (page == "/owed" && !isPhone)
        {
            await SellAsync(canceled, 1);
            await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{canceled}/cancel");
            await Eventually.Async(() => admin.GetAsync("/api/v1/counter-sales/owed"), owed => owed["items"]!.AsArray().Count == 1, "what is owed");
        }

        // The clerk at a phone, an administrator at a desk.
        await using var office = isPhone
            ? await BackOffice.SignedInAsync(host, Clerk, Password, isPhone: true, isDark: true, language: "pt-BR")
            : await BackOffice.SignedInAsync(host);
        if (isPhone)
        {
            await office.Page.SetViewportSizeAsync(NarrowPhone, 800);
        }

        await office.GoAsync("/backoffice/counter" + page);
        foreach (var closed in await office.Page.Locator("main details").AllAsync())
        {
            await closed.EvaluateAsync("details => details.open = true");
        }

        await office.ShootAsync($"counter{page.Replace('/', '-')}-{(isPhone ? "phone" : "desktop")}");

        Assert.That(await office.FindBarriersAsync(), Is.Empty);
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    [Order(5)]
    public async Task What_is_owed_is_paid_back_and_the_shift_is_closed_with_its_difference()
    {
        await using var office = await BackOffice.SignedInAsync(host, Clerk, Password);
        await office.GoAsync("/backoffice/counter/owed");
        await office.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Paid back", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)) }).ClickAsync();
        await Assertions.Expect(office.Page.Locator(".note.done")).ToContainTextAsync("Paid back:");
        await Assertions.Expect(office.Page.Locator(".empty")).ToHaveTextAsync("Nobody has money to get at the counter.");

        await office.GoAsync("/backoffice/counter/shift");
        await office.Page.Locator("#amount").FillAsync("100.00");
        await office.Page.Locator("#reason").FillAsync("Into the safe");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Note it" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator(".note.done")).ToHaveTextAsync("Noted.");

        // A float of 200.00, a sale of 160.00, 50.00 that were paid back, 100.00 in the safe: 210.00, and one is short.
        await office.Page.Locator("#counted").FillAsync("209.00");
        await office.Page.GetByRole(AriaRole.Button, new() { Name = "Close the shift" }).ClickAsync();
        await Assertions.Expect(office.Page.Locator(".note.done")).ToContainTextAsync("-R$1.00");
        await office.ShootAsync("counter-shift-closed-desktop");

        await office.GoAsync("/backoffice/counter/day");
        await Assertions.Expect(office.Page.Locator("table").First).ToContainTextAsync("Rui");
        Assert.That(office.Complaints, Is.Empty);
    }

    private Task<JsonObject> SellAsync(string of, int quantity) =>
        admin.SendAsync(HttpMethod.Post, "/api/v1/counter-sales", new JsonObject { ["eventId"] = of, ["quantity"] = quantity, ["method"] = "cash" });
}
