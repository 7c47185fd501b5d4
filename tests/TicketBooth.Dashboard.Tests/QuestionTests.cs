using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>What staff ask the dashboard and what they download, over the whole host with a few sales of every kind. Nothing is changed here.</summary>
internal sealed class QuestionTests
{
    private const string Formula = "=HYPERLINK(\"http://evil.example\",\"Samba, late\")";

    private TestHost host = null!;
    private BoxOffice office = null!;
    private string eventId = "";
    private string otherId = "";
    private Dictionary<string, string> orders = null!;

    private TicketBoothApi Admin => office.Admin;

    [OneTimeSetUp]
    public async Task SellAsync()
    {
        host = await DashboardHost.StartAsync(settings: ("Dashboard:ReconcileHours", "0"));
        office = await BoxOffice.OpenAsync(host);
        eventId = await office.PublishAsync();
        otherId = await office.PublishAsync(name: Formula);
        orders = new(StringComparer.Ordinal)
        {
            ["on_payment"] = await office.SellAsync(eventId, 0),
            ["canceled"] = await office.SellAsync(eventId, 1),
            ["paid"] = await office.SellAsync(eventId, 2),
            ["refunded"] = await office.SellAsync(eventId, 4),
            ["other"] = await office.SellAsync(otherId, 3, quantity: 1),
        };
        await office.SettledAsync();
        await Eventually.Async(() => FindAsync("status=refunded"), found => found.Count == 1, "the sales to be in the read model");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [TestCase("on_payment")]
    [TestCase("canceled")]
    [TestCase("refunded")]
    public async Task Orders_are_found_by_their_status_as_REST_spells_it(string status)
    {
        var found = await FindAsync("status=" + status);

        Assert.That(found.Select(order => ((string)order["id"]!, (string)order["status"]!)), Is.EqualTo(new[] { (orders[status], status) }));
    }

    [TestCase("status=Paid")]
    [TestCase("status=sold")]
    [TestCase("limit=0")]
    [TestCase("limit=201")]
    [TestCase("cursor=x")]
    [TestCase("attention=paid")]
    [TestCase("to=9999-12-31")]
    [TestCase("to=2026-01-01&from=2026-01-02")]
    public async Task What_is_no_question_is_refused_by_name(string query)
    {
        using var answer = await Admin.Client.GetAsync("/api/v1/dashboard/orders?" + query);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.That((string)problem!["code"]!, Is.EqualTo("validation-failed"));
        Assert.That(problem["errors"]!.AsObject().Select(error => error.Key), Is.EqualTo(new[] { query.Split('=')[0] }));
    }

    [Test]
    public async Task An_order_is_found_by_its_id_its_event_and_its_buyer()
    {
        var byId = await FindAsync("search=" + orders["paid"]);
        var byEvent = await FindAsync("eventId=" + otherId);
        var ofNobody = await FindAsync("search=nobody-of-this-name");
        var ofBuyers = await FindAsync("search=buyer-");
        var email = (string)byId.Single()["buyer"]!["email"]!;
        var byEmail = await FindAsync("search=" + Uri.EscapeDataString(email));

        Assert.That(byId.Select(order => ((long)order["total"]!, (string)order["event"]!, (int)order["tickets"]!)), Is.EqualTo(new[] { (20_000L, "Bossa Nova Night", 2) }));
        Assert.That(byEvent.Select(order => (string)order["id"]!), Is.EqualTo(new[] { orders["other"] }));
        Assert.That(ofNobody, Is.Empty);
        Assert.That(ofBuyers.Select(order => (string)order["id"]!), Is.EquivalentTo(orders.Values));
        Assert.That(byEmail, Is.Not.Empty);
        Assert.That(byEmail.Select(order => (string)order["buyer"]!["email"]!), Has.All.EqualTo(email));
        Assert.That(byEmail, Has.Count.LessThan(orders.Count));
    }

    [Test]
    public async Task An_order_is_found_by_the_number_that_a_buyer_says_and_by_a_part_of_its_events_name()
    {
        var number = (string)(await office.Buyer.GetAsync("/api/v1/orders/" + orders["on_payment"]))["number"]!;
        var byNumber = await FindAsync("search=" + number.ToLowerInvariant().Replace('-', ' ').Replace('0', 'o'));
        var byEvent = await FindAsync("search=NÓVA");
        using var clerk = await Browser.InRoleAsync(host, "clerk");
        var page = await clerk.GetAsync("/backoffice/orders?search=" + number);
        var story = await clerk.GetAsync("/backoffice/orders/" + orders["on_payment"]);

        Assert.That(byNumber.Select(order => ((string)order["id"]!, (string)order["number"]!)), Is.EqualTo(new[] { (orders["on_payment"], number) }));
        Assert.That(byEvent.Select(order => (string)order["id"]!), Is.EquivalentTo(orders.Values.Where(id => id != orders["other"])));
        Assert.That(page.Text, Does.Contain($">{number}</a>"));
        Assert.That(story.Text, Does.Contain($"<h1>Order {number}</h1>"));
    }

    [Test]
    public async Task Orders_are_found_by_the_days_on_which_they_were_placed()
    {
        var placed = (DateTimeOffset)(await FindAsync("search=" + orders["paid"])).Single()["placedAt"]!;
        var day = DateOnly.FromDateTime(placed.UtcDateTime);

        Assert.That(await FindAsync($"search={orders["paid"]}&from={Written(day)}&to={Written(day)}"), Has.Count.EqualTo(1));
        Assert.That(await FindAsync("to=" + Written(day.AddDays(-1))), Is.Empty);
        Assert.That(await FindAsync("from=" + Written(day.AddDays(2))), Is.Empty);

        static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task Orders_come_newest_first_page_by_page_and_each_once()
    {
        var pages = new List<string>();
        var cursor = "";
        do
        {
            var page = await Admin.GetAsync("/api/v1/dashboard/orders?limit=2&cursor=" + cursor);
            pages.AddRange(page["items"]!.AsArray().Select(order => (string)order!["id"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.That(pages, Is.EqualTo(orders.Values.Reverse()));
    }

    [Test]
    public async Task The_story_of_an_order_tells_its_payments_and_every_step()
    {
        var story = await Eventually.Async(
            () => Admin.GetAsync("/api/v1/dashboard/orders/" + orders["refunded"]),
            told => told["steps"]!.AsArray().Any(step => (string)step!["what"]! == "payment_refunded"),
            "the money to be back");

        Assert.That(
            story["steps"]!.AsArray().Select(step => (string)step!["what"]!),
            Is.EqualTo(new[] { "placed", "payment_started", "payment_confirmed", "paid", "refunded", "payment_refunded" }));
        Assert.That(story["steps"]!.AsArray().Select(step => (DateTimeOffset)step!["at"]!), Is.Ordered);
        Assert.That(story["payments"]!.AsArray().Select(payment => ((string)payment!["status"]!, (long)payment["amount"]!)), Is.EqualTo(new[] { ("refunded", 20_000L) }));
        Assert.That(story["tickets"]!.AsArray().Select(ticket => ((string)ticket!["tier"]!, (long)ticket["price"]!)), Has.All.EqualTo(("Stalls", 10_000L)));
    }

    [Test]
    public async Task A_declined_payment_stays_in_the_story()
    {
        var story = await Admin.GetAsync("/api/v1/dashboard/orders/" + orders["paid"]);

        Assert.That(story["payments"]!.AsArray().Select(payment => (string)payment!["status"]!), Does.Contain("paid"));
        Assert.That(story["steps"]!.AsArray().Select(step => (string)step!["what"]!), Does.Contain("payment_declined"));
    }

    [Test]
    public async Task An_order_that_nobody_placed_has_no_story()
    {
        using var answer = await Admin.Client.GetAsync("/api/v1/dashboard/orders/0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001");

        Assert.That((answer.StatusCode, await CodeAsync(answer)), Is.EqualTo((HttpStatusCode.NotFound, "order-not-found")));
    }

    [Test]
    public async Task Orders_are_downloaded_as_a_spreadsheet_reads_them_and_no_name_becomes_a_formula()
    {
        using var clerk = await Browser.InRoleAsync(host, "clerk");

        var answer = await clerk.GetAsync("/backoffice/orders.csv?eventId=" + otherId);

        var bytes = await answer.Message.Content.ReadAsByteArrayAsync();
        Assert.That(answer.Header("Content-Type"), Is.EqualTo("text/csv; charset=utf-8"));
        Assert.That(answer.Header("Content-Disposition"), Does.Match("^attachment; filename=\"orders-[0-9]{4}-[0-9]{2}-[0-9]{2}\\.csv\"$"));
        Assert.That(bytes.Take(3), Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }), "the mark by which spreadsheets know UTF-8");
        var lines = Encoding.UTF8.GetString(bytes, 3, bytes.Length - 3).Split("\r\n");
        Assert.That(
            lines[0],
            Is.EqualTo("\"Order\",\"Status\",\"Event\",\"Tier\",\"Ticket\",\"Price\",\"Currency\",\"Method\",\"Buyer\",\"E-mail\",\"Placed (UTC)\",\"Paid (UTC)\",\"Ended (UTC)\",\"Order id\",\"Event id\",\"Buyer id\""));
        Assert.That(lines[1], Does.StartWith($"\"{SpokenId.Of(Guid.Parse(orders["other"]))}\",\"Paid\",\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"Samba, late\"\")\",\"Stalls\",\"1\",\"100.00\",\"BRL\",\"Card\","));
        Assert.That(lines[1], Does.Match("@example[.]com\",\"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\",\"[0-9: -]{19}\",\"\",\"" + orders["other"] + "\",\"" + otherId));
        Assert.That(lines.Skip(2), Is.EqualTo(new[] { "" }));
    }

    [Test]
    public async Task A_Brazilian_downloads_what_a_Brazilian_spreadsheet_opens()
    {
        using var clerk = await Browser.InRoleAsync(host, "clerk");
        clerk.Language = "pt-BR";

        var lines = (await clerk.GetAsync("/backoffice/orders.csv?eventId=" + otherId)).Text.TrimStart('\uFEFF').Split("\r\n");
        var sales = (await clerk.GetAsync("/backoffice/sales.csv?eventId=" + otherId)).Text.TrimStart('\uFEFF').Split("\r\n");

        Assert.That(lines[0], Does.StartWith("\"Pedido\";\"Situação\";\"Evento\";"));
        Assert.That(lines[1], Does.Contain(";\"Pago\";").And.Contain(";\"1\";\"100,00\";\"BRL\";\"Cartão\";"));
        Assert.That(sales[1], Does.Contain(";\"Stalls\";\"1\";\"0\";\"100,00\";\"0,00\";\"BRL\";"));
    }

    [Test]
    public async Task Each_ticket_of_an_order_has_its_line()
    {
        using var clerk = await Browser.InRoleAsync(host, "clerk");

        var lines = (await clerk.GetAsync("/backoffice/orders.csv?search=" + orders["paid"])).Text.TrimEnd().Split("\r\n").Skip(1).Select(line => line.Split("\",\"")).ToList();

        Assert.That(lines.Select(cells => (cells[3], cells[5], cells[7])), Is.EqualTo(new[] { ("Stalls", "100.00", "Card"), ("Stalls", "100.00", "Card") }));
        Assert.That(lines.Select(cells => cells[4]).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(2), "the numbers of the tickets");
    }

    [Test]
    public async Task What_is_downloaded_is_what_the_page_is_narrowed_to_and_the_page_says_to_what()
    {
        using var clerk = await Browser.InRoleAsync(host, "clerk");

        var page = await clerk.GetAsync($"/backoffice/orders?status=refunded&search=buyer-&eventId={eventId}");
        var link = WebUtility.HtmlDecode(Regex.Match(page.Text, "/backoffice/orders[.]csv[^\"]*", RegexOptions.None, TimeSpan.FromMinutes(1)).Value);
        var lines = (await clerk.GetAsync(link)).Text.Split("\r\n");
        var wrong = await clerk.GetAsync("/backoffice/orders.csv?status=sold");

        Assert.That(page.Text, Does.Contain("Only orders of Bossa Nova Night."));
        Assert.That(lines.Skip(1).SkipLast(1).Select(line => line.Split("\",\"")[13]), Is.EqualTo(new[] { orders["refunded"], orders["refunded"] }));
        Assert.That(wrong.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [TestCase("/backoffice/orders?eventId=abc", "There is no event with this id.")]
    [TestCase("/backoffice/orders?eventId=0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "There is no event with this id.")]
    [TestCase("/backoffice/acts?subjectId=abc", "This is neither the number of an order nor an id;")]
    [TestCase("/backoffice/acts?from=abc", "This is not a date.")]
    [TestCase("/backoffice/orders?to=2026-13-45", "This is not a date.")]
    [TestCase("/backoffice/orders?to=0001-01-01", "A day between 1900 and 2199.")]
    public async Task What_is_no_id_is_kept_and_told_and_nothing_is_listed(string address, string told)
    {
        using var admin = await Browser.AdminAsync(host);

        var page = await admin.GetAsync(address);

        Assert.That(page.Text, Does.Contain(told).And.Contain($"value=\"{address.Split('=')[1]}\""));
        Assert.That(page.Text, Does.Not.Contain("<th scope=\"row\">"));
    }

    [Test]
    public async Task The_sales_of_a_day_are_downloaded_tier_by_tier()
    {
        using var admin = await Browser.AdminAsync(host);

        var answer = await admin.GetAsync("/backoffice/sales.csv?eventId=" + otherId);

        var lines = answer.Text.TrimStart('\uFEFF').Split("\r\n");
        Assert.That(lines[0], Is.EqualTo("\"Day\",\"Event\",\"Tier\",\"Sold tickets\",\"Refunded tickets\",\"Revenue\",\"Refunded\",\"Currency\",\"Event id\",\"Disputes\""));
        Assert.That(lines[1], Does.EndWith($"\",\"Stalls\",\"1\",\"0\",\"100.00\",\"0.00\",\"BRL\",\"{otherId}\",\"0\""));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"];

    private async Task<IReadOnlyList<JsonNode>> FindAsync(string query) =>
        [.. (await Admin.GetAsync("/api/v1/dashboard/orders?" + query))["items"]!.AsArray().Select(order => order!)];
}
