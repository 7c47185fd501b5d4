using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>The event's editor, as a browser sends its form.</summary>
internal sealed partial class EditorTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private Browser browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await DashboardHost.StartAsync(
            services: services => services.AddTransient<IRequestHandler<GetAcceptedCurrencies, Result<AcceptedCurrencies>>, ThreeCurrencies>(),
            settings: [("Dashboard:ReconcileHours", "0"), ("Dashboard:TimeZone", "Europe/Berlin")]);
        admin = await TicketBoothApi.AdminAsync(host);
        browser = await Browser.AdminAsync(host);
    }

    [SetUp]
    public void ReadEnglish() => browser.Language = "en";

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        browser.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public async Task Saving_without_a_change_changes_nothing()
    {
        var body = Body();
        body["description"] = "An evening\nat the casino.";
        body["startsAt"] = "2027-10-31T00:30:41.5Z";
        body["publishedAt"] = "2026-11-01T10:00:59.1234567Z";
        body["endsSellingAt"] = "2027-10-31T00:15:07Z";
        var id = await MakeAsync(body);
        var before = await admin.GetAsync("/api/v1/events/" + id);

        var saved = await SaveAsync(id, []);

        var after = await admin.GetAsync("/api/v1/events/" + id);
        Assert.That(saved.Status, Is.EqualTo(HttpStatusCode.Redirect), saved.Text);
        Assert.That(after.ToJsonString(), Is.EqualTo(before.ToJsonString()));
    }

    [Test]
    public async Task An_emptied_row_takes_the_tier_out_of_a_draft_and_never_out_of_a_published_event()
    {
        var id = await MakeAsync(Body());
        var published = await MakeAsync(Body());
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{published}/publish");
        (string, string)[] emptied = [("Input.Tiers[1].Name", ""), ("Input.Tiers[1].Price", ""), ("Input.Tiers[1].Tickets", "")];

        await SaveAsync(id, emptied);
        var refused = await SaveAsync(published, emptied);

        Assert.That(Tiers(await admin.GetAsync("/api/v1/events/" + id)), Is.EqualTo(new[] { "Stalls" }));
        Assert.That(refused.Text, Does.Contain("tiers and tickets can be added but not removed"));
        Assert.That(Tiers(await admin.GetAsync("/api/v1/events/" + published)), Is.EqualTo(new[] { "Stalls", "Balcony" }));
    }

    [TestCase("en", "Capacity of the venue: This is not a whole number.", "Tickets of tier 2: This is not a whole number.", "Base price of tier 1: This is not an amount of money that a ticket can cost.")]
    [TestCase("pt-BR", "Capacidade do local: Não é um número inteiro.", "Ingressos do setor 2: Não é um número inteiro.", "Preço base do setor 1: Não é um valor em dinheiro que um ingresso possa custar.")]
    public async Task What_cannot_be_read_comes_back_as_it_was_typed_marked_and_named_as_its_label_reads(string language, params string[] faults)
    {
        var id = await MakeAsync(Body());
        browser.Language = language;

        var shown = await SaveAsync(id, [("Input.Capacity", "about 9"), ("Input.Tiers[1].Tickets", "ten"), ("Input.Tiers[0].Price", "free")]);

        Assert.That(FaultsIn(shown), Is.EquivalentTo(faults));
        Assert.That(shown.Text, Does.Match("name=\"Input.Capacity\"[^>]* value=\"about 9\"[^>]* aria-invalid=\"true\" aria-describedby=\"capacity-fault\""));
        Assert.That(shown.Text, Does.Match("name=\"Input.Tiers\\[1\\].Tickets\"[^>]* value=\"ten\"[^>]* aria-invalid=\"true\""));
        Assert.That(shown.Text, Does.Not.Match("name=\"Input.Name\"[^>]* aria-invalid"));
    }

    [TestCase("en", "Floor of tier 2: Not above the price.", "Name: must not be empty.", "Capacity of the venue: The tiers release more tickets than the venue takes people.")]
    [TestCase("pt-BR", "Piso do setor 2: Não acima do preço.", "Nome: deve ser informado.", "Capacidade do local: Os setores liberam mais ingressos do que as pessoas que o local comporta.")]
    public async Task A_broken_rule_is_told_at_its_field_in_the_readers_language(string language, params string[] faults)
    {
        var id = await MakeAsync(Body());
        browser.Language = language;
        (string, string)[] wrong =
        [
            ("Input.Name", ""), ("Input.Capacity", "9"),
            ("Input.Tiers[2].Name", "Box"), ("Input.Tiers[2].Price", "10"), ("Input.Tiers[2].Tickets", "1"), ("Input.Tiers[2].Floor", "11"),
            ("Input.Tiers[1].Name", ""), ("Input.Tiers[1].Price", ""), ("Input.Tiers[1].Tickets", ""),
        ];

        var shown = await SaveAsync(id, wrong);

        // The second row is empty, so the third is the second tier; it is named as the row that it stands in.
        Assert.That(FaultsIn(shown), Is.EquivalentTo(faults.Select(fault => fault.Replace("2:", "3:", StringComparison.Ordinal))));
    }

    [Test]
    public async Task What_is_published_is_what_was_typed()
    {
        var id = await MakeAsync(Body());

        var answer = await SaveAsync(id, [("Input.Tiers[0].Price", "500.00")], "Publish");

        var shown = await admin.GetAsync("/api/v1/events/" + id);
        Assert.That((answer.Status, answer.Location), Is.EqualTo((HttpStatusCode.Redirect, "/backoffice/events/" + id)), answer.Text);
        Assert.That(((string?)shown["status"], (long)shown["tiers"]![0]!["price"]!), Is.EqualTo(("published", 50_000L)));
    }

    [Test]
    public async Task Nothing_is_published_while_something_typed_cannot_be_saved()
    {
        var id = await MakeAsync(Body());

        var answer = await SaveAsync(id, [("Input.Tiers[0].Price", "500.00"), ("Input.Capacity", "9")], "Publish");

        Assert.That(FaultsIn(answer), Is.EqualTo(new[] { "Capacity of the venue: The tiers release more tickets than the venue takes people." }));
        Assert.That(answer.Text, Does.Match("name=\"Input.Tiers\\[0\\].Price\"[^>]* value=\"500.00\""));
        Assert.That((string?)(await admin.GetAsync("/api/v1/events/" + id))["status"], Is.EqualTo("draft"));
    }

    [Test]
    public async Task An_edit_that_a_colleague_overtook_keeps_what_was_typed_and_says_what_they_saved()
    {
        var id = await MakeAsync(Body());
        var fields = await FieldsAsync(id);
        await SaveAsync(id, [("Input.Venue", "Small Hall")]);
        fields["Input.Name"] = "Typed name";

        var refused = await PostAsync(id, fields);
        var shown = FieldsIn(refused.Text);
        var saved = await PostAsync(id, shown);

        Assert.That(refused.Text, Does.Contain("Somebody else changed the event meanwhile.").And.Match("<dt>Venue</dt>\\s*<dd>Small Hall</dd>"));
        Assert.That(shown["Input.Name"], Is.EqualTo("Typed name"));
        Assert.That(saved.Status, Is.EqualTo(HttpStatusCode.Redirect), saved.Text);
        Assert.That((string?)(await admin.GetAsync("/api/v1/events/" + id))["name"], Is.EqualTo("Typed name"));
    }

    [Test]
    public async Task What_was_typed_before_the_page_was_left_is_shown_again_and_not_saved()
    {
        var id = await MakeAsync(Body());
        var before = await admin.GetAsync("/api/v1/events/" + id);

        var shown = await SaveAsync(id, [("Input.Name", "Typed name"), ("Input.Tiers[2].Name", "Box")], "Restore");

        Assert.That(shown.Text, Does.Contain("This is what you had typed. It is not saved yet.").And.Contain("data-typed=\"true\""));
        Assert.That((FieldsIn(shown.Text)["Input.Name"], FieldsIn(shown.Text)["Input.Tiers[2].Name"]), Is.EqualTo(("Typed name", "Box")));
        Assert.That((await admin.GetAsync("/api/v1/events/" + id)).ToJsonString(), Is.EqualTo(before.ToJsonString()));
    }

    [Test]
    public async Task A_sale_that_closes_after_the_start_is_saved_only_after_a_yes()
    {
        var id = await MakeAsync(Body());
        var fields = await FieldsAsync(id);
        fields["Input.EndsSellingAt.Text"] = "2027-10-31T20:00";
        fields["Input.StartsAt.Text"] = "2027-10-31T19:30";

        var asked = await PostAsync(id, fields);
        var unanswered = await admin.GetAsync("/api/v1/events/" + id);
        fields["confirmed"] = AnswerIn(asked.Text);
        var saved = await PostAsync(id, fields);

        Assert.That(asked.Text, Does.Match("The sale closes on 10/31/2027 8:00[^<]*PM, after the show has started."));
        Assert.That((string?)unanswered["startsAt"], Is.Not.EqualTo("2027-10-31T18:30:00Z"));
        Assert.That(saved.Status, Is.EqualTo(HttpStatusCode.Redirect), saved.Text);
        Assert.That((string?)(await admin.GetAsync("/api/v1/events/" + id))["endsSellingAt"], Is.EqualTo("2027-10-31T19:00:00Z"));
        Assert.That((await SaveAsync(id, [("Input.Name", "Once is enough")])).Status, Is.EqualTo(HttpStatusCode.Redirect), "what stays is not asked again");
    }

    [Test]
    public async Task Another_start_or_venue_for_people_who_have_tickets_is_a_question_and_a_yes_is_to_that_question_only()
    {
        var office = await ReadModel.BoxOffice.OpenAsync(host);
        var id = await office.PublishAsync();
        await office.SellAsync(id, 0, quantity: 3);
        await Eventually.Async(() => admin.GetAsync("/api/v1/events/" + id), shown => (int)shown["available"]! == 97, "Events to know of the order");
        var fields = await FieldsAsync(id);
        fields["Input.Venue"] = "Annex";

        var asked = await PostAsync(id, fields);
        fields["confirmed"] = AnswerIn(asked.Text);
        fields["Input.StartsAt.Text"] = "2028-01-02T20:00";
        var askedAgain = await PostAsync(id, fields);
        fields["confirmed"] = AnswerIn(askedAgain.Text);
        var saved = await PostAsync(id, fields);

        Assert.That(WebUtility.HtmlDecode(asked.Text), Does.Contain("It takes place in Annex instead of ").And.Contain("People have 3 tickets."));
        Assert.That(askedAgain.Text, Does.Match("The show starts on 1/2/2028 8:00[^<]*PM instead of "));
        Assert.That(saved.Status, Is.EqualTo(HttpStatusCode.Redirect), saved.Text);
        Assert.That((string?)(await admin.GetAsync("/api/v1/events/" + id))["venue"], Is.EqualTo("Annex"));
    }

    [Test]
    public async Task Over_REST_another_start_for_people_who_have_tickets_needs_to_be_confirmed()
    {
        var office = await ReadModel.BoxOffice.OpenAsync(host);
        var body = Body();
        var id = (string)(await admin.PublishEventAsync(body))["id"]!;
        await office.SellAsync(id, 0, quantity: 1);
        await Eventually.Async(() => admin.GetAsync("/api/v1/events/" + id), shown => (int)shown["available"]! == 19, "Events to know of the order");
        body["startsAt"] = "2028-01-02T20:00:00Z";

        using var refused = await admin.Client.PutAsJsonAsync("/api/v1/events/" + id, body);
        body["confirmed"] = true;
        var shown = await admin.SendAsync(HttpMethod.Put, "/api/v1/events/" + id, body);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("\"tickets-sold\""));
        Assert.That((string?)shown["startsAt"], Is.EqualTo("2028-01-02T20:00:00Z"));
    }

    [TestCase("en", "Currency: No payment gateway accepts this currency.")]
    [TestCase("pt-BR", "Moeda: Nenhum gateway de pagamento aceita esta moeda.")]
    public async Task A_currency_that_nobody_can_pay_in_is_told_where_it_was_typed(string language, string fault)
    {
        var id = await MakeAsync(Body());
        browser.Language = language;

        var refused = await SaveAsync(id, [("Input.Currency", "usd")]);

        Assert.That(FaultsIn(refused), Is.EqualTo(new[] { fault }));
        Assert.That((string?)(await admin.GetAsync("/api/v1/events/" + id))["currency"], Is.EqualTo("BRL"));
    }

    [TestCase("JPY", "5000", 5_000, "JPY\u00a010,000", "10000")]
    [TestCase("KWD", "12.345", 12_345, "KWD\u00a024.690", "24.690")]
    [TestCase("BRL", "80.50", 8_050, "R$161.00", "161.00")]
    public async Task Money_keeps_the_decimals_of_its_currency_from_the_form_to_the_spreadsheet(string currency, string typed, long price, string shown, string exported)
    {
        var id = await MakeAsync(Body());
        var buyer = await TicketBoothApi.NewBuyerAsync(host);

        // What a person types, into a draft that was in reais.
        await SaveAsync(id, [("Input.Currency", currency), ("Input.Tiers[0].Price", typed), ("Input.Tiers[1].Price", typed)], "Publish");
        var orderId = (string)(await buyer.OrderAsync(id, 2))["id"]!;
        await buyer.PayAsync(orderId);
        var order = await buyer.WaitForOrderAsync(orderId, "paid");
        var figures = await Eventually.Async(() => admin.GetAsync("/api/v1/dashboard/events/" + id), told => (long)told["sold"]! == 2, "the sale to show");
        var today = (await admin.GetAsync("/api/v1/dashboard/summary"))["money"]!.AsArray().ToDictionary(line => (string)line!["currency"]!, line => (long)line!["revenue"]!, StringComparer.Ordinal);
        var overview = (await browser.GetAsync("/backoffice")).Text;
        var orders = (await browser.GetAsync("/backoffice/orders.csv?eventId=" + id)).Text;
        var sales = (await browser.GetAsync("/backoffice/sales.csv?eventId=" + id)).Text;
        var log = (await browser.GetAsync("/backoffice/acts?subjectId=" + id)).Text;

        Assert.Multiple(() =>
        {
            Assert.That(((long)order["total"]!, (string?)order["currency"]), Is.EqualTo((2 * price, currency)));
            Assert.That(((long)figures["revenue"]!, (string?)figures["currency"]), Is.EqualTo((2 * price, currency)));
            Assert.That(today[currency], Is.EqualTo(2 * price), "each currency has a sum of its own");
            Assert.That(WebUtility.HtmlDecode(overview), Does.Contain(shown));
            Assert.That(orders, Does.Contain($"\"{typed}\",\"{currency}\""));
            Assert.That(sales, Does.Contain($"\"{exported}\",\"{(currency == "JPY" ? "0" : currency == "KWD" ? "0.000" : "0.00")}\",\"{currency}\""));
            Assert.That(log, Does.Contain("<bdi>100.00</bdi>").And.Contain("<bdi>250.50</bdi>"), "a former amount is one of the former currency");
        });
    }

    private Task<Answer> PostAsync(string id, Dictionary<string, string> fields) =>
        browser.PostAsync($"/backoffice/events/{id}/edit?handler=Save", [.. fields.Select(field => (field.Key, field.Value))]);

    internal static string AnswerIn(string page) => WebUtility.HtmlDecode(Answer().Match(page).Groups["value"].Value);

    [GeneratedRegex("name=\"confirmed\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Answer();

    /// <summary>Gateways that take three currencies.</summary>
    private sealed class ThreeCurrencies : IRequestHandler<GetAcceptedCurrencies, Result<AcceptedCurrencies>>
    {
        public Task<Result<AcceptedCurrencies>> Handle(GetAcceptedCurrencies request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<AcceptedCurrencies>.From(new AcceptedCurrencies(["BRL", "JPY", "KWD"])));
    }

    private static JsonObject Body()
    {
        var body = TicketBoothApi.EventBody(20);
        body["tiers"] = new JsonArray(
            new JsonObject { ["name"] = "Stalls", ["price"] = 10_000, ["tickets"] = 10 }, new JsonObject { ["name"] = "Balcony", ["price"] = 25_050, ["tickets"] = 10 });
        return body;
    }

    private static IEnumerable<string> Tiers(JsonObject shown) => shown["tiers"]!.AsArray().Select(tier => (string)tier!["name"]!);

    private static IEnumerable<string> FaultsIn(Answer answer) => Fault().Matches(answer.Text).Select(fault => WebUtility.HtmlDecode(fault.Groups["text"].Value));

    private async Task<string> MakeAsync(JsonObject body) => (string)(await admin.SendAsync(HttpMethod.Post, "/api/v1/events", body))["id"]!;

    /// <summary>Opens the editor, types, and presses a button.</summary>
    private async Task<Answer> SaveAsync(string id, (string Name, string Value)[] typed, string button = "Save")
    {
        var fields = await FieldsAsync(id);
        foreach (var (name, value) in typed)
        {
            fields[name] = value;
        }

        return await browser.PostAsync($"/backoffice/events/{id}/edit?handler={button}", [.. fields.Select(field => (field.Key, field.Value))]);
    }

    private async Task<Dictionary<string, string>> FieldsAsync(string id) => FieldsIn((await browser.GetAsync($"/backoffice/events/{id}/edit")).Text);

    /// <summary>What a browser would send from the editor's page.</summary>
    internal static Dictionary<string, string> FieldsIn(string page)
    {
        var form = page[page.IndexOf("name=\"revision\"", StringComparison.Ordinal)..page.IndexOf("handler=Save", StringComparison.Ordinal)];
        var fields = Field().Matches("<input " + form)
            .Where(input => !input.Value.Contains("checkbox", StringComparison.Ordinal) || input.Value.Contains("checked", StringComparison.Ordinal))
            .ToDictionary(input => input.Groups["name"].Value, input => WebUtility.HtmlDecode(input.Groups["value"].Value), StringComparer.Ordinal);
        fields["Input.Description"] = WebUtility.HtmlDecode(Description().Match(form).Groups["text"].Value).ReplaceLineEndings("\r\n");
        fields["__RequestVerificationToken"] = Browser.TokenIn(page);
        return fields;
    }

    [GeneratedRegex("<input[^>]*? ?name=\"(?<name>[^\"]+)\"[^>]*? value=\"(?<value>[^\"]*)\"[^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Field();

    [GeneratedRegex("<textarea[^>]*>\n?(?<text>[^<]*)</textarea>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Description();

    [GeneratedRegex("class=\"fault\">(?<text>[^<]*)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Fault();
}
