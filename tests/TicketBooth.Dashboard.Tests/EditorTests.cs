using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
        host = await DashboardHost.StartAsync(settings: [("Dashboard:ReconcileHours", "0"), ("Dashboard:TimeZone", "Europe/Berlin")]);
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

    /// <summary>Opens the editor, types, and saves.</summary>
    private async Task<Answer> SaveAsync(string id, (string Name, string Value)[] typed)
    {
        var page = await browser.GetAsync($"/backoffice/events/{id}/edit");
        var form = page.Text[page.Text.IndexOf("name=\"revision\"", StringComparison.Ordinal)..page.Text.IndexOf("handler=Save", StringComparison.Ordinal)];
        var fields = Field().Matches("<input " + form)
            .Where(input => !input.Value.Contains("checkbox", StringComparison.Ordinal) || input.Value.Contains("checked", StringComparison.Ordinal))
            .ToDictionary(input => input.Groups["name"].Value, input => WebUtility.HtmlDecode(input.Groups["value"].Value), StringComparer.Ordinal);
        fields["Input.Description"] = WebUtility.HtmlDecode(Description().Match(form).Groups["text"].Value).ReplaceLineEndings("\r\n");
        foreach (var (name, value) in typed)
        {
            fields[name] = value;
        }

        return await browser.PostAsync(
            $"/backoffice/events/{id}/edit?handler=Save", [.. fields.Select(field => (field.Key, field.Value)), ("__RequestVerificationToken", Browser.TokenIn(page.Text))]);
    }

    [GeneratedRegex("<input[^>]*? ?name=\"(?<name>[^\"]+)\"[^>]*? value=\"(?<value>[^\"]*)\"[^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Field();

    [GeneratedRegex("<textarea[^>]*>\n?(?<text>[^<]*)</textarea>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Description();

    [GeneratedRegex("class=\"fault\">(?<text>[^<]*)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Fault();
}
