using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>Prices over HTTP: who may change them, what becomes of it, and what a buyer is promised.</summary>
public sealed class PriceTests
{
    private const string Password = "a-long-enough-password";
    private const string DemandPolicy = """{ "mode": "demand", "maxIncreasePercent": 40, "sharePercent": 100, "maxStepPercent": 5, "stepSeconds": 600 }""";

    private static readonly string[] Everything = ["GET pricing", "PUT pricing", "POST price-adjustments", "GET price-history", "GET price-history/chart", "POST pricing/dry-run"];

    private TestHost host;
    private TicketBoothApi admin;
    private TicketBoothApi clerk;
    private TicketBoothApi buyer;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await TestHost.StartAsync();
        admin = await TicketBoothApi.AdminAsync(host);
        buyer = await TicketBoothApi.NewBuyerAsync(host);
        using var signedUp = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name = "Carla", email = "clerk@casino.example", password = Password });
        var account = await signedUp.Content.ReadFromJsonAsync<JsonObject>();
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{account!["id"]}/roles", new JsonObject { ["roles"] = new JsonArray("clerk") });
        clerk = await TicketBoothApi.SignInAsync(host, "clerk@casino.example", Password);
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task An_adjustment_changes_every_tier_within_its_floor_and_ceiling()
    {
        var shown = await PublishAsync(
            Tier("Front", 30_000, ceiling: 31_000), Tier("Stalls", 20_000), Tier("Odd", 9_990), Tier("Back", 10_000, floor: 9_800));

        var raised = await AdjustAsync(shown, 10);
        Assert.That(Prices(raised), Is.EqualTo(new[] { 31_000L, 22_000, 11_000, 11_000 }));
        var lowered = await AdjustAsync(shown, -30);
        Assert.That(Prices(lowered), Is.EqualTo(new[] { 23_100L, 15_400, 7_700, 9_800 }), "percentages multiply, prices are whole half units, and nothing is cheaper than its floor");

        Assert.Multiple(async () =>
        {
            Assert.That(Prices(await EventAsync(shown)), Is.EqualTo(Prices(lowered)));
            Assert.That(lowered["tiers"]!.AsArray().Select(tier => (decimal)tier!["adjustmentFactor"]!), Is.All.EqualTo(0.77m));
            Assert.That(lowered["tiers"]!.AsArray().Select(tier => (long)tier!["basePrice"]!), Is.EqualTo(new[] { 30_000L, 20_000, 9_990, 10_000 }));
        });
    }

    [Test]
    public async Task Readers_see_an_adjusted_price_with_the_answer_to_it()
    {
        var shown = await PublishAsync(Tier("Front", 30_000), Tier("Back", 10_000));
        for (var percentage = 1; percentage <= 20; percentage++)
        {
            // The reads before have filled the cache with the price before.
            var answer = await AdjustAsync(shown, percentage);

            var read = await EventAsync(shown);
            var listed = (await new TicketBoothApi(host.Client).GetAsync("/api/v1/events?limit=200"))["items"]!.AsArray().Single(item => (string?)item!["id"] == shown);
            Assert.Multiple(() =>
            {
                Assert.That(Prices(read), Is.EqualTo(Prices(answer)));
                Assert.That((long)read["priceFrom"]!, Is.EqualTo(Prices(answer)[1]));
                Assert.That((long)listed!["priceFrom"]!, Is.EqualTo(Prices(answer)[1]));
            });
        }
    }

    [Test]
    public async Task The_history_says_who_did_what_and_why()
    {
        var shown = await PublishAsync(Tier("Front", 30_000), Tier("Back", 10_000));
        var me = await admin.GetAsync("/api/v1/accounts/me");
        await AdjustAsync(shown, 12.5m, "  The headliner is confirmed.  ");
        await AdjustAsync(shown, -5);

        var rows = await HistoryAsync(shown);
        Assert.Multiple(() =>
        {
            Assert.That(
                rows.Select(row => ((string?)row["tier"], (string?)row["reason"], (long?)row["from"], (long)row["to"]!, (decimal?)row["percentage"], (string?)row["note"])),
                Is.EquivalentTo(new (string?, string?, long?, long, decimal?, string?)[]
                {
                    ("Front", "published", null, 30_000, null, null), ("Back", "published", null, 10_000, null, null),
                    ("Front", "adjusted", 30_000, 33_750, 12.5m, "The headliner is confirmed."), ("Back", "adjusted", 10_000, 11_250, 12.5m, "The headliner is confirmed."),
                    ("Front", "adjusted", 33_750, 32_050, -5, null), ("Back", "adjusted", 11_250, 10_700, -5, null),
                }));
            Assert.That(rows.Select(row => (long)row["version"]!), Is.Ordered.Descending);
            Assert.That(rows.Select(row => (DateTimeOffset)row["at"]!), Is.Ordered.Descending);
            Assert.That(rows.Select(row => (string?)row["by"]!["id"]), Is.All.EqualTo((string?)me["id"]));
            Assert.That(rows.Select(row => (string?)row["by"]!["name"]), Is.All.EqualTo((string?)me["name"]));
            Assert.That((string?)rows[0]["explanation"], Is.EqualTo($"{me["name"]} adjusted all prices of the event by -5 %."));
            Assert.That((string?)rows[2]["explanation"], Is.EqualTo($"{me["name"]} adjusted all prices of the event by +12.5 %."));
        });
    }

    [Test]
    public async Task An_order_on_hold_keeps_its_price_and_is_paid_with_it()
    {
        var shown = await PublishAsync(Tier("Front", 30_000), Tier("Back", 10_000));
        var held = await buyer.OrderAsync(shown, 2);
        var heldId = (string)held["id"]!;
        await AdjustAsync(shown, 50);
        await BookingKnowsAsync(shown, 15_000);
        var dearer = await buyer.OrderAsync(shown);

        await buyer.PayAsync(heldId);
        var paid = await buyer.WaitForOrderAsync(heldId, "paid");
        Assert.Multiple(() =>
        {
            Assert.That((long)held["total"]!, Is.EqualTo(20_000));
            Assert.That((long)paid["total"]!, Is.EqualTo(20_000));
            Assert.That(paid["tickets"]!.AsArray().Select(ticket => (long)ticket!["price"]!), Is.EqualTo(new[] { 10_000L, 10_000 }));
            Assert.That((long)dearer["total"]!, Is.EqualTo(15_000), "the new price is that of new orders");
        });
    }

    [Test]
    public async Task Nobody_but_an_administrator_changes_prices()
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        var before = await StateAsync(shown);
        var anonymous = new TicketBoothApi(host.Client);

        var asked = new List<(string What, string Clerk, string Customer, string Nobody)>();
        foreach (var what in Everything)
        {
            asked.Add((what, await TryAsync(clerk, shown, what), await TryAsync(buyer, shown, what), await TryAsync(anonymous, shown, what)));
        }

        const string No = "403 forbidden";
        const string Who = "401 unauthenticated";
        Assert.That(asked, Is.EqualTo(new[]
        {
            (Everything[0], "200 ", No, Who), (Everything[1], No, No, Who), (Everything[2], No, No, Who),
            (Everything[3], No, No, Who), (Everything[4], "200 ", No, Who), (Everything[5], No, No, Who),
        }));
        Assert.That(await StateAsync(shown), Is.EqualTo(before));
        foreach (var what in Everything)
        {
            Assert.That(await TryAsync(admin, shown, what), Is.EqualTo("200 "), what);
        }
    }

    [TestCase("{\"percentage\":-100}", "422 validation-failed")]
    [TestCase("{\"percentage\":-100.01}", "422 validation-failed")]
    [TestCase("{\"percentage\":1000.01}", "422 validation-failed")]
    [TestCase("{\"percentage\":0.001}", "422 validation-failed")]
    [TestCase("{\"percentage\":-99.99}", "422 validation-failed", Description = "less than a hundredth of the base price")]
    [TestCase("{\"percentage\":79228162514264337593543950335}", "422 validation-failed")]
    [TestCase("{\"percentage\":1e400}", "400 malformed-json")]
    [TestCase("{\"percentage\":\"10\"}", "400 malformed-json")]
    [TestCase("{\"percentage\":NaN}", "400 malformed-json")]
    [TestCase("{\"percentage\":0}", "422 validation-failed")]
    [TestCase("{\"percentage\":\"NaN\"}", "400 malformed-json")]
    [TestCase("{\"percentage\":null}", "400 malformed-json")]
    [TestCase("{\"percentage\":[10]}", "400 malformed-json")]
    [TestCase("{\"percentage\":10", "400 malformed-json")]
    [TestCase("{}", "400 missing-field")]
    [TestCase("", "400 malformed-request")]
    [TestCase("{\"percentage\":10,\"percent\":10}", "400 unknown-field")]
    [TestCase("{\"percentage\":10,\"note\":7}", "400 malformed-json")]
    public async Task An_adjustment_that_makes_no_sense_changes_nothing(string body, string outcome)
    {
        var shown = await PublishAsync(Tier("Front", 30_000), Tier("Back", 10_000));
        var before = await StateAsync(shown);

        var (status, problem) = await AskAsync(admin, HttpMethod.Post, $"/api/v1/events/{shown}/price-adjustments", body);

        Assert.That(Outcome(status, problem), Is.EqualTo(outcome), problem?.ToJsonString());
        Assert.That(await StateAsync(shown), Is.EqualTo(before));
    }

    [Test]
    public async Task A_note_of_more_than_500_characters_changes_nothing()
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        var before = await StateAsync(shown);
        var path = $"/api/v1/events/{shown}/price-adjustments";

        var (status, problem) = await AskAsync(admin, HttpMethod.Post, path, $$"""{ "percentage": 10, "note": "{{new string('x', 501)}}" }""");
        Assert.That(Outcome(status, problem), Is.EqualTo("422 validation-failed"));
        Assert.That(await StateAsync(shown), Is.EqualTo(before));

        (status, problem) = await AskAsync(admin, HttpMethod.Post, path, $$"""{ "percentage": 10, "note": "{{new string('x', 500)}}" }""");
        Assert.That(Outcome(status, problem), Is.EqualTo("200 "));
    }

    [Test]
    public async Task Adjustments_that_together_leave_what_can_be_meant_stop_before_it()
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        await AdjustAsync(shown, 900);
        await AdjustAsync(shown, 900);
        var before = await StateAsync(shown);

        Assert.That(await TryAsync(admin, shown, "POST price-adjustments"), Is.EqualTo("422 validation-failed"));
        Assert.That(await StateAsync(shown), Is.EqualTo(before));
    }

    [Test]
    public async Task An_event_that_has_no_price_to_adjust_is_named_as_what_it_is()
    {
        var draft = (string)(await admin.SendAsync(HttpMethod.Post, "/api/v1/events", Body(Tier("Back", 10_000))))["id"]!;
        var canceled = await PublishAsync(Tier("Back", 10_000));
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{canceled}/cancel");
        var unknown = Guid.CreateVersion7().ToString();
        var (before, gone) = (await StateAsync(draft), await StateAsync(canceled));

        Assert.Multiple(async () =>
        {
            Assert.That(await TryAsync(admin, draft, "POST price-adjustments"), Is.EqualTo("422 event-not-published"));
            Assert.That(await TryAsync(admin, draft, "POST pricing/dry-run"), Is.EqualTo("422 event-not-published"));
            Assert.That(await TryAsync(admin, canceled, "POST price-adjustments"), Is.EqualTo("409 event-canceled"));
            Assert.That(await TryAsync(admin, canceled, "PUT pricing"), Is.EqualTo("409 event-canceled"));
            foreach (var what in Everything)
            {
                Assert.That(await TryAsync(admin, unknown, what), Is.EqualTo("404 event-not-found"), what);
                Assert.That(await TryAsync(admin, "not-an-id", what), Is.EqualTo("404 not-found"), what);
            }

            Assert.That(await StateAsync(draft), Is.EqualTo(before));
            Assert.That(await StateAsync(canceled), Is.EqualTo(gone));
        });
    }

    [TestCase(12_000, 11_000, TestName = "A floor above the ceiling is refused and changes nothing")]
    [TestCase(10_050, null, TestName = "A floor above the price is refused and changes nothing")]
    [TestCase(null, 9_950, TestName = "A ceiling below the price is refused and changes nothing")]
    public async Task Bounds_that_contradict_each_other(int? floor, int? ceiling)
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        var before = await StateAsync(shown);
        var body = Body(Tier("Back", 10_000, floor, ceiling)).ToJsonString();

        var (made, madeProblem) = await AskAsync(admin, HttpMethod.Post, "/api/v1/events", body);
        var (edited, editedProblem) = await AskAsync(admin, HttpMethod.Put, $"/api/v1/events/{shown}", body);

        Assert.That(Outcome(made, madeProblem), Is.EqualTo("422 validation-failed"));
        Assert.That(Outcome(edited, editedProblem), Is.EqualTo("422 validation-failed"));
        Assert.That(await StateAsync(shown), Is.EqualTo(before));
    }

    [TestCase("{\"mode\":\"demand\",\"maxIncreasePercent\":500.01}", "422 validation-failed", "maxIncreasePercent")]
    [TestCase("{\"mode\":\"demand\",\"maxDecreasePercent\":-1}", "422 validation-failed", "maxDecreasePercent")]
    [TestCase("{\"mode\":\"demand\",\"maxStepPercent\":0}", "422 validation-failed", "maxStepPercent")]
    [TestCase("{\"mode\":\"demand\",\"bandPercent\":0.001}", "422 validation-failed", "bandPercent")]
    [TestCase("{\"mode\":\"demand\",\"stepSeconds\":4}", "422 validation-failed", "stepSeconds")]
    [TestCase("{\"mode\":\"demand\",\"windowMinutes\":0}", "422 validation-failed", "windowMinutes")]
    [TestCase("{\"mode\":\"demand\",\"roundingUnit\":0}", "422 validation-failed", "roundingUnit")]
    [TestCase("{\"mode\":\"greedy\"}", "400 malformed-json", null)]
    [TestCase("{\"mode\":7}", "400 malformed-json", null)]
    [TestCase("{\"mode\":\"demand\",\"sharePercent\":1e400}", "400 malformed-json", null)]
    [TestCase("{\"mode\":\"demand\",\"surge\":true}", "400 unknown-field", null)]
    [TestCase("{\"paused\":true}", "400 missing-field", null)]
    public async Task A_policy_that_makes_no_sense_changes_nothing(string policy, string outcome, string? field)
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        var before = await StateAsync(shown);

        var (status, problem) = await AskAsync(admin, HttpMethod.Put, $"/api/v1/events/{shown}/pricing", policy);
        var (tried, _) = await AskAsync(admin, HttpMethod.Post, $"/api/v1/events/{shown}/pricing/dry-run", $$"""{ "policy": {{policy}} }""");

        Assert.That(Outcome(status, problem), Is.EqualTo(outcome), problem?.ToJsonString());
        Assert.That(tried, Is.EqualTo(status), "a dry run takes no policy that cannot be chosen");
        if (field is not null)
        {
            Assert.That(problem!["errors"]!.AsObject().Select(error => error.Key), Is.EqualTo(new[] { field }));
        }

        Assert.That(await StateAsync(shown), Is.EqualTo(before));
    }

    [Test]
    public async Task A_change_of_policy_is_kept_with_who_made_it()
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        var path = $"/api/v1/events/{shown}/pricing";
        var me = await admin.GetAsync("/api/v1/accounts/me");
        await admin.SendAsync(HttpMethod.Put, path, JsonNode.Parse(DemandPolicy));
        await admin.SendAsync(HttpMethod.Put, path, JsonNode.Parse(DemandPolicy));
        var paused = JsonNode.Parse(DemandPolicy)!.AsObject();
        paused["paused"] = true;
        await admin.SendAsync(HttpMethod.Put, path, paused);

        var pricing = await clerk.GetAsync(path);
        var changes = pricing["policyChanges"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(
                changes.Select(change => ((string?)change!["before"]!["mode"], (bool)change["before"]!["paused"]!, (string?)change["after"]!["mode"], (bool)change["after"]!["paused"]!)),
                Is.EqualTo(new[] { ("demand", false, "demand", true), ("off", false, "demand", false) }), "newest first, and the same policy again is no change");
            Assert.That(changes.Select(change => (string?)change!["by"]!["id"]), Is.All.EqualTo((string?)me["id"]));
            Assert.That(changes.Select(change => (string?)change!["by"]!["name"]), Is.All.EqualTo((string?)me["name"]));
            Assert.That((int)pricing["policy"]!["stepSeconds"]!, Is.EqualTo(600));
            Assert.That((int)pricing["policy"]!["windowMinutes"]!, Is.EqualTo(1_440), "what is left out is as in the default policy");
            Assert.That(Prices(pricing), Is.EqualTo(new[] { 10_000L }));
        });
    }

    [Test]
    public async Task Demand_moves_a_price_says_why_and_until_when_and_leaves_with_its_policy()
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        await buyer.OrderAsync(shown, 6);
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{shown}/pricing", JsonNode.Parse(DemandPolicy));

        var moved = await Eventually.Async(() => EventAsync(shown), read => Prices(read)[0] != 10_000, "demand to move the price");
        var row = (await HistoryAsync(shown))[0];
        Assert.Multiple(() =>
        {
            Assert.That(Prices(moved), Is.EqualTo(new[] { 10_500L }), "one step of five percent");
            Assert.That((DateTimeOffset)moved["tiers"]![0]!["priceValidUntil"]!, Is.EqualTo(((DateTimeOffset)row["at"]!).AddSeconds(600)));
            Assert.That(((string?)row["reason"], (long?)row["from"], (long)row["to"]!), Is.EqualTo(("demand", (long?)10_000, 10_500L)));
            Assert.That(row["by"], Is.Null);
            Assert.That((string?)row["explanation"], Does.StartWith("60 % of the tickets are taken").And.Contain("The price goes up"));
        });

        await admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{shown}/pricing", JsonNode.Parse("""{ "mode": "off" }"""));
        var (off, last) = (await EventAsync(shown), (await HistoryAsync(shown))[0]);
        Assert.Multiple(() =>
        {
            Assert.That(Prices(off), Is.EqualTo(new[] { 10_000L }));
            Assert.That(off["tiers"]![0]!["priceValidUntil"], Is.Null);
            Assert.That(((string?)last["reason"], (long?)last["from"], (long)last["to"]!), Is.EqualTo(("policy_changed", (long?)10_500, 10_000L)));
        });
    }

    [Test]
    public async Task A_dry_run_says_what_would_have_been_and_does_nothing()
    {
        // On sale for an hour, so that a step is due soon after whatever minute the sale falls into.
        var body = Body(Tier("Back", 10_000));
        body["publishedAt"] = TimeProvider.System.GetUtcNow().AddHours(-1);
        var shown = (string)(await admin.PublishEventAsync(body))["id"]!;
        await buyer.OrderAsync(shown, 6);
        await Eventually.Async(() => EventAsync(shown), read => (int)read["available"]! == 4, "the sale to be known");
        var before = await StateAsync(shown);
        var quick = JsonNode.Parse(DemandPolicy)!.AsObject();
        quick["stepSeconds"] = 5;

        var run = await Eventually.Async(
            () => admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{shown}/pricing/dry-run", new JsonObject { ["policy"] = quick.DeepClone(), ["hours"] = 2 }),
            run => run["tiers"]![0]!["steps"]!.AsArray().Count > 0,
            "a step to be due");
        var (tier, step) = (run["tiers"]![0]!, run["tiers"]![0]!["steps"]![0]!);
        Assert.Multiple(async () =>
        {
            Assert.That(((long)step["from"]!, (long)step["to"]!), Is.EqualTo((10_000L, 10_500L)));
            Assert.That((string?)step["explanation"], Does.StartWith("60 % of the tickets are taken"));
            Assert.That((long)tier["actual"]!, Is.EqualTo(60_000));
            Assert.That((long)tier["wouldBe"]!, Is.GreaterThanOrEqualTo(60_000));
            Assert.That(await StateAsync(shown), Is.EqualTo(before));
        });
        foreach (var hours in new[] { 0, 169 })
        {
            var (refused, problem) = await AskAsync(admin, HttpMethod.Post, $"/api/v1/events/{shown}/pricing/dry-run", $$"""{ "policy": {{DemandPolicy}}, "hours": {{hours}} }""");
            Assert.That(Outcome(refused, problem), Is.EqualTo("422 validation-failed"));
        }
    }

    [Test]
    public async Task The_chart_has_the_prices_as_a_staircase_and_the_sales()
    {
        var shown = await PublishAsync(Tier("Front", 30_000), Tier("Back", 10_000));
        var path = $"/api/v1/events/{shown}/price-history/chart";
        await AdjustAsync(shown, 10);
        await AdjustAsync(shown, 10);
        var orderId = (string)(await buyer.OrderAsync(shown, 3))["id"]!;
        await buyer.PayAsync(orderId);

        var chart = await Eventually.Async(
            () => clerk.GetAsync(path), chart => chart["tiers"]![1]!["sales"]!.AsArray().Sum(minute => (int)minute!["sold"]!) == 3, "the sale to be in the chart");
        var staircase = chart["tiers"]![1]!["prices"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That((string?)chart["currency"], Is.EqualTo("BRL"));
            Assert.That(chart["tiers"]!.AsArray().Select(tier => (string?)tier!["tier"]), Is.EqualTo(new[] { "Front", "Back" }));
            Assert.That(staircase.Select(point => (long)point!["price"]!), Is.EqualTo(new[] { 10_000L, 11_000, 12_100 }));
            Assert.That(staircase.Select(point => (DateTimeOffset)point!["at"]!), Is.Ordered);
            Assert.That(chart["tiers"]![1]!["sales"]!.AsArray().Sum(minute => (int)minute!["taken"]!), Is.EqualTo(3));
            Assert.That(chart["tiers"]![0]!["sales"]!.AsArray(), Is.Empty);
        });

        var fromTheSecond = await clerk.GetAsync($"{path}?from={Uri.EscapeDataString((string)staircase[1]!["at"]!)}");
        Assert.That(fromTheSecond["tiers"]![1]!["prices"]!.AsArray().Select(point => (long)point!["price"]!), Is.EqualTo(new[] { 11_000L, 12_100 }), "the price that held then comes first");
        var (status, problem) = await AskAsync(clerk, HttpMethod.Get, $"{path}?from=yesterday");
        Assert.That(Outcome(status, problem), Is.EqualTo("400 malformed-request"));
    }

    [Test]
    public async Task An_order_is_placed_at_the_expected_total_and_at_no_other()
    {
        var shown = await PublishAsync(Tier("Front", 30_000), Tier("Back", 10_000));

        var (refused, problem) = await OrderAsync(shown, 2, expectedTotal: 19_999);
        Assert.That(Outcome(refused, problem), Is.EqualTo("409 price-changed"));
        Assert.That((long)problem!["total"]!, Is.EqualTo(20_000));
        Assert.That((await buyer.GetAsync($"/api/v1/events/{shown}/tickets?state=available&limit=200"))["items"]!.AsArray(), Has.Count.EqualTo(20), "nothing was taken");

        var (placed, order) = await OrderAsync(shown, 2, expectedTotal: (long)problem["total"]!);
        Assert.That(Outcome(placed, order), Is.EqualTo("201 "));
        Assert.That((long)order!["total"]!, Is.EqualTo(20_000));

        var third = (string)(await buyer.GetAsync($"/api/v1/events/{shown}/tickets?state=available&limit=200"))["items"]![0]!["id"]!;
        var (byId, byIdProblem) = await AskAsync(buyer, HttpMethod.Post, "/api/v1/orders", $$"""{ "ticketIds": ["{{third}}"], "expectedTotal": 1 }""");
        Assert.That(Outcome(byId, byIdProblem), Is.EqualTo("409 price-changed"));
        Assert.That((long)byIdProblem!["total"]!, Is.EqualTo(30_000));
    }

    [TestCase("0", "409 price-changed")]
    [TestCase("-1", "422 validation-failed")]
    [TestCase("1e30", "400 malformed-json")]
    [TestCase("10000.5", "400 malformed-json")]
    [TestCase("\"10000\"", "400 malformed-json")]
    public async Task An_expected_total_that_makes_no_sense_is_refused(string expectedTotal, string outcome)
    {
        var shown = await PublishAsync(Tier("Back", 10_000));

        var (status, problem) = await AskAsync(buyer, HttpMethod.Post, "/api/v1/orders", $$"""{ "eventId": "{{shown}}", "quantity": 1, "expectedTotal": {{expectedTotal}} }""");

        Assert.That(Outcome(status, problem), Is.EqualTo(outcome));
    }

    [Test]
    public async Task A_repeated_request_gets_the_refusal_that_the_first_one_got_with_its_figure()
    {
        var shown = await PublishAsync(Tier("Back", 10_000));
        var key = Guid.CreateVersion7().ToString();

        var (first, refusal) = await OrderAsync(shown, 2, expectedTotal: 30_000, key);
        await AdjustAsync(shown, 50);
        await BookingKnowsAsync(shown, 15_000);

        // By now the total that was expected is right: only what is remembered refuses it.
        var (again, repeated) = await OrderAsync(shown, 2, expectedTotal: 30_000, key);
        var (other, reused) = await OrderAsync(shown, 2, expectedTotal: 20_000, key);
        var (fresh, placed) = await OrderAsync(shown, 2, expectedTotal: 30_000, Guid.CreateVersion7().ToString());
        Assert.Multiple(() =>
        {
            Assert.That(Outcome(first, refusal), Is.EqualTo("409 price-changed"));
            Assert.That((long?)refusal!["total"], Is.EqualTo(20_000));
            Assert.That(Outcome(again, repeated), Is.EqualTo("409 price-changed"));
            Assert.That((long?)repeated!["total"], Is.EqualTo(20_000));
            Assert.That(Outcome(other, reused), Is.EqualTo("422 idempotency-key-reused"));
            Assert.That(Outcome(fresh, placed), Is.EqualTo("201 "));
        });
    }

    private static JsonObject Tier(string name, long price, long? floor = null, long? ceiling = null) =>
        new() { ["name"] = name, ["price"] = price, ["tickets"] = 10, ["floor"] = floor, ["ceiling"] = ceiling };

    private static JsonObject Body(params JsonObject[] tiers)
    {
        var body = TicketBoothApi.EventBody(tickets: tiers.Length * 10);
        body["tiers"] = new JsonArray([.. tiers]);
        return body;
    }

    private static List<long> Prices(JsonObject shown) => [.. shown["tiers"]!.AsArray().Select(tier => (long)tier!["price"]!)];

    /// <summary>The status and the code of a problem: <c>409 price-changed</c>.</summary>
    private static string Outcome(int status, JsonNode? body) => FormattableString.Invariant($"{status} {(string?)body?["code"]}");

    private static async Task<(int Status, JsonNode? Body)> AskAsync(TicketBoothApi api, HttpMethod method, string path, string? json = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await api.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Sends something that is right in itself, for example <c>POST price-adjustments</c>.</summary>
    private static async Task<string> TryAsync(TicketBoothApi api, string eventId, string what)
    {
        var (method, path) = (what.Split(' ')[0], what.Split(' ')[1]);
        var body = path switch
        {
            "price-adjustments" => """{ "percentage": 10 }""",
            "pricing/dry-run" => $$"""{ "policy": {{DemandPolicy}} }""",
            _ when method == "PUT" => DemandPolicy,
            _ => null,
        };
        var (status, answer) = await AskAsync(api, new HttpMethod(method), $"/api/v1/events/{eventId}/{path}", body);
        return Outcome(status, answer);
    }

    private async Task<string> PublishAsync(params JsonObject[] tiers) => (string)(await admin.PublishEventAsync(Body(tiers)))["id"]!;

    private Task<JsonObject> AdjustAsync(string eventId, decimal percentage, string? note = null) =>
        admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/price-adjustments", new JsonObject { ["percentage"] = percentage, ["note"] = note });

    private Task<JsonObject> EventAsync(string eventId) => new TicketBoothApi(host.Client).GetAsync($"/api/v1/events/{eventId}");

    private async Task<List<JsonNode>> HistoryAsync(string eventId) =>
        [.. (await admin.GetAsync($"/api/v1/events/{eventId}/price-history?limit=200"))["items"]!.AsArray().Select(row => row!)];

    /// <summary>Everything about its prices, to be compared.</summary>
    private async Task<string> StateAsync(string eventId) =>
        $"{await admin.GetAsync($"/api/v1/events/{eventId}/pricing")} {await admin.GetAsync($"/api/v1/events/{eventId}/price-history")} {await admin.GetAsync($"/api/v1/events/{eventId}")}";

    private Task<(int Status, JsonNode? Body)> OrderAsync(string eventId, int quantity, long expectedTotal, string? key = null) =>
        AskAsync(buyer, HttpMethod.Post, "/api/v1/orders", $$"""{ "eventId": "{{eventId}}", "quantity": {{quantity}}, "expectedTotal": {{expectedTotal}} }""", key);

    /// <summary>Until orders are quoted this price; asks by an order that is refused at any.</summary>
    private Task<(int Status, JsonNode? Body)> BookingKnowsAsync(string eventId, long price) => Eventually.Async(
        () => OrderAsync(eventId, 1, expectedTotal: 1), answer => (long?)answer.Body!["total"] == price, $"orders to be quoted {price}");
}
