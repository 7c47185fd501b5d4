using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>Names that are written right to left turn nothing around them.</summary>
internal sealed class ForeignNamesTests
{
    private const string Event = "לילה בקזינו (1)";
    private const string Tier = "יציע";
    private const string Buyer = "דנה";

    private TestHost host = null!;
    private Browser admin = null!;
    private string order = "";

    [OneTimeSetUp]
    public async Task SellAsync()
    {
        host = await DashboardHost.StartAsync();
        admin = await Browser.AdminAsync(host);
        var boss = await TicketBoothApi.AdminAsync(host);
        var body = TicketBoothApi.EventBody(name: Event);
        body["tiers"]![0]!["name"] = Tier;
        var eventId = (string)(await boss.PublishEventAsync(body))["id"]!;
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        order = (string)(await buyer.OrderAsync(eventId, 2))["id"]!;
        await boss.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/price-adjustments", new JsonObject { ["percentage"] = 5, ["note"] = Event });
        await Browser.NewUserAsync(host, "dana@example.com", "clerk", Buyer);
        await Eventually.Async(() => boss.GetAsync("/api/v1/dashboard/orders?search=" + order), found => found["items"]!.AsArray().Count == 1, "the order to be in the read model");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
    }

    [TestCase("/backoffice", Event)]
    [TestCase("/backoffice/orders", Event)]
    [TestCase("/backoffice/orders/{order}", Tier)]
    [TestCase("/backoffice/users", Buyer)]
    [TestCase("/backoffice/acts", Event)]
    public async Task They_are_isolated_on_every_page(string address, string name)
    {
        var page = WebUtility.HtmlDecode((await admin.GetAsync(address.Replace("{order}", order, StringComparison.Ordinal))).Text);

        Assert.That(page, Does.Contain(name));
        var outside = Regex.Replace(page, "<bdi[^>]*>.*?</bdi>|\u2068[^\u2069]*\u2069|value=\"[^\"]*\"", "", RegexOptions.Singleline, TimeSpan.FromMinutes(1));
        Assert.That(Regex.Matches(outside, ".*[\u0590-\u05ff].*", RegexOptions.None, TimeSpan.FromMinutes(1)).Select(line => line.Value), Is.Empty);
    }

    [TestCase("Bossa Nova", "Bossa Nova")]
    [TestCase("Ópera – São João", "Ópera – São João")]
    [TestCase(Buyer, "\u2068" + Buyer + "\u2069")]
    [TestCase("Jazz \u202egnp.exe", "\u2068Jazz gnp.exe\u2069")]
    [TestCase("\u2069" + Buyer, "\u2068" + Buyer + "\u2069")]
    public void Only_what_turns_is_isolated_and_cannot_end_that(string name, string shown) => Assert.That(Show.Isolated(name), Is.EqualTo(shown));
}
