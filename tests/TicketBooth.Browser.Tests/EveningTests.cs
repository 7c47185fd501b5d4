using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace TicketBooth.Browser.Tests;

/// <summary>The evening of a show on the dashboard: its page follows the door.</summary>
internal sealed class EveningTests : SaleFixture
{
    private const int NarrowPhone = 360;

    [OneTimeSetUp]
    public Task Open() => OpenAsync();

    [OneTimeTearDown]
    public Task Close() => CloseAsync();

    [Test]
    public async Task Who_comes_in_shows_on_an_open_page_without_a_reload([Values] bool isPhone)
    {
        await PublishAsync();
        await Admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{EventId}/door-rules", new JsonObject { ["opensMinutesBefore"] = 43_200, ["reEntry"] = true });
        var order = await PaidAsync(4);
        var codes = (await Admin.GetAsync($"/api/v1/orders/{order}/tickets"))["items"]!.AsArray().Select(ticket => (string)ticket!["code"]!).ToList();
        await ScanAsync(codes[0], "in");
        await using var office = await BackOffice.SignedInAsync(Host, isPhone: isPhone, isDark: isPhone, language: isPhone ? "pt-BR" : "en-US");
        if (isPhone)
        {
            await office.Page.SetViewportSizeAsync(NarrowPhone, 800);
        }

        await office.GoAsync($"/backoffice/events/{EventId}");
        await Assertions.Expect(office.Page.Locator("#admitted .figure")).ToHaveTextAsync(["1", "0", "3"]);
        await office.Page.EvaluateAsync("window.notReloaded = true");
        await ScanAsync(codes[1], "in");
        await ScanAsync(codes[0], "out");

        await Assertions.Expect(office.Page.Locator("#admitted .figure")).ToHaveTextAsync(["1", "1", "2"]);
        Assert.That(await office.Page.EvaluateAsync<bool>("window.notReloaded === true"), "the page was reloaded");
        await Assertions.Expect(office.Page.Locator("#channels tbody tr").First).ToContainTextAsync("4");
        await office.ShootAsync($"event-evening-{(isPhone ? "phone" : "desktop")}");
        Assert.That(await office.FindBarriersAsync(), Is.Empty);
        Assert.That(await office.ScrollsSidewaysAsync(), Is.False, "something sticks out");
        Assert.That(office.Complaints, Is.Empty);
    }

    private Task<JsonObject> ScanAsync(string code, string direction) =>
        Admin.SendAsync(HttpMethod.Post, "/api/v1/checkins", new JsonObject { ["scanId"] = Guid.CreateVersion7(), ["code"] = code, ["direction"] = direction });
}
