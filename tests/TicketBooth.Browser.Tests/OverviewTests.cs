using Microsoft.Playwright;
using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>The overview follows the sales of all events, so each test has a host of its own.</summary>
internal sealed class OverviewTests : SaleFixture
{
    [SetUp]
    public async Task Open()
    {
        await OpenAsync();
        await PublishAsync();
    }

    [TearDown]
    public Task Close() => CloseAsync();

    [Test]
    public async Task A_sale_arrives_on_an_open_page_without_a_reload()
    {
        await using var office = await BackOffice.SignedInAsync(Host);
        await office.GoAsync("/backoffice");
        await office.Page.EvaluateAsync("window.notReloaded = true");

        var order = await Buyer.OrderAsync(EventId, 2);
        await Buyer.PayAsync((string)order["id"]!);
        await Buyer.WaitForOrderAsync((string)order["id"]!, "paid");

        var live = office.Page.Locator("[data-live]");
        await Assertions.Expect(live).ToContainTextAsync("R$200.00");
        await Assertions.Expect(live).ToContainTextAsync("2 / 50");
        Assert.That(await office.Page.EvaluateAsync<bool>("window.notReloaded === true"), "the page was reloaded");
        Assert.That(office.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_page_finds_its_way_back_after_the_connection_was_lost()
    {
        await using var office = await BackOffice.SignedInAsync(Host);
        await office.GoAsync("/backoffice");
        await office.Page.Context.SetOfflineAsync(true);
        await office.Page.EvaluateAsync("fetch('/backoffice').catch(() => {})");
        await office.Page.Context.SetOfflineAsync(false);

        var order = await Buyer.OrderAsync(EventId, 3);
        await Buyer.PayAsync((string)order["id"]!);

        await Assertions.Expect(office.Page.Locator("[data-live]")).ToContainTextAsync("3 / 50");
    }

    [Test]
    public async Task A_table_sorts_by_the_header_that_is_clicked_and_stays_sorted_while_sales_arrive()
    {
        var cheap = (string)(await Admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 10, price: 5_000)))["id"]!;
        await using var office = await BackOffice.SignedInAsync(Host);
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
        await Assertions.Expect(rows.First.Locator("a")).ToHaveAttributeAsync("href", "/backoffice/events/" + EventId);

        var order = await Buyer.OrderAsync(cheap, 3);
        await Buyer.PayAsync((string)order["id"]!);
        await Assertions.Expect(office.Page.Locator("#selling")).ToContainTextAsync("R$150.00");
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(rows.First.Locator("a")).ToHaveAttributeAsync("href", "/backoffice/events/" + cheap);

        // 12,000 yen are neither more nor less than 150.00 reais: the currencies do not mix.
        var inYen = TicketBoothApi.EventBody(tickets: 10, price: 12_000);
        inYen["currency"] = "JPY";
        var yen = (string)(await Admin.PublishEventAsync(inYen))["id"]!;
        await Buyer.PayAsync((string)(await Buyer.OrderAsync(yen, 1))["id"]!);
        await Assertions.Expect(office.Page.Locator("#selling")).ToContainTextAsync("JPY\u00a012,000");
        await Assertions.Expect(rows.Last.Locator("a")).ToHaveAttributeAsync("href", "/backoffice/events/" + yen);
    }
}
