using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Managing;

[TestFixture]
internal sealed class ManageEventsTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await EventsHost.StartAsync();
        admin = host.Admin();
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Makes_a_draft_and_says_where_it_is()
    {
        var body = TicketBoothApi.EventBody(tickets: 3, price: 12_345, name: "Noite em São Paulo 🎭");
        body["publishedAt"] = null;

        var (status, made, headers) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", body);

        Assert.That(status, Is.EqualTo(201));
        Assert.That(headers.Location?.ToString(), Is.EqualTo($"/api/v1/events/{made!["id"]}"));
        Assert.That((string?)made["name"], Is.EqualTo("Noite em São Paulo 🎭"));
        Assert.That((string?)made["status"], Is.EqualTo("draft"));
        Assert.That((string?)made["currency"], Is.EqualTo("BRL"));
        Assert.That((int?)made["available"], Is.EqualTo(3));
        Assert.That((long?)made["priceFrom"], Is.EqualTo(12_345));
        Assert.That((string?)made["startsAt"], Does.EndWith("Z"));
        Assert.That(
            ((JsonObject)made["tiers"]![0]!).Select(field => field.Key), Is.SupersetOf(new[] { "id", "name", "price", "capacity", "available" }));
        var (_, shown, _) = await admin.AskAsync(HttpMethod.Get, headers.Location!.ToString());
        Assert.That(JsonNode.DeepEquals(shown, made), Is.True, "what was answered is what is shown");
    }

    [Test]
    public async Task Makes_an_event_of_ten_thousand_tickets()
    {
        var made = await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(tickets: 10_000, large: true));

        Assert.That((int?)made["available"], Is.EqualTo(10_000));
        var last = await admin.GetAsync($"/api/v1/events/{made["id"]}/tickets?limit=1&cursor={new Cursor(9_999, Guid.Parse((string)made["id"]!))}");
        Assert.That((int?)last["items"]![0]!["number"], Is.EqualTo(10_000));
        Assert.That(last["nextCursor"], Is.Null);
    }

    [TestCase("{", "malformed-json")]
    [TestCase("", "malformed-request")]
    [TestCase("null", "malformed-request")]
    [TestCase("[]", "malformed-json")]
    [TestCase("{\"name\":1}", "malformed-json")]
    [TestCase("{\"name\":null}", "malformed-json")]
    [TestCase("{\"name\":\"\\ud800\"}", "malformed-json")]
    [TestCase("{\"nmae\":\"typo\"}", "unknown-field")]
    [TestCase("{\"name\":\"only\"}", "missing-field")]
    [TestCase("{\"capacity\":1e99}", "malformed-json")]
    [TestCase("{\"capacity\":\"10\"}", "malformed-json")]
    [TestCase("{\"startsAt\":\"tomorrow\"}", "malformed-json")]
    public async Task Refuses_a_body_that_cannot_be_read(string text, string code)
    {
        var (status, problem) = await admin.PostTextAsync("/api/v1/events", text);

        Assert.That((status, (string?)problem?["code"]), Is.EqualTo((400, code)));
    }

    [TestCase("name")]
    [TestCase("venue")]
    [TestCase("startsAt")]
    [TestCase("endsSellingAt")]
    [TestCase("capacity")]
    [TestCase("tiers")]
    public async Task Refuses_a_body_without_a_required_field(string field)
    {
        var body = TicketBoothApi.EventBody();
        body.Remove(field);

        var (status, problem, _) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", body);

        Assert.That((status, (string?)problem?["code"]), Is.EqualTo((400, "missing-field")));
        Assert.That((string?)problem?["detail"], Does.Contain(field));
    }

    [TestCase("capacity", "9", "capacity")]
    [TestCase("capacity", "-1", "capacity")]
    [TestCase("capacity", "10001", "capacity")]
    [TestCase("name", "\" \"", "name")]
    [TestCase("name", "\"a\\u0000b\"", "name")]
    [TestCase("currency", "\"XXX\"", "currency")]
    [TestCase("startsAt", "\"2001-01-01T00:00:00Z\"", "startsAt")]
    [TestCase("endsSellingAt", "\"2001-01-01T00:00:00Z\"", "endsSellingAt")]
    [TestCase("publishedAt", "\"9999-01-01T00:00:00Z\"", "endsSellingAt")]
    [TestCase("tiers", "[]", "tiers")]
    [TestCase("tiers", "[null]", "tiers[0]")]
    [TestCase("tiers", "[{\"name\":\"A\",\"price\":-1,\"tickets\":1}]", "tiers[0].price")]
    [TestCase("tiers", "[{\"name\":\"A\",\"price\":-5,\"tickets\":1}]", "tiers[0].price")]
    [TestCase("tiers", "[{\"name\":\"A\",\"price\":9223372036854775807,\"tickets\":1}]", "tiers[0].price")]
    [TestCase("tiers", "[{\"name\":\"A\",\"price\":5,\"tickets\":-1}]", "tiers[0].tickets")]
    [TestCase("tiers", "[{\"name\":\"A\",\"price\":5,\"tickets\":1,\"floor\":6}]", "tiers[0].floor")]
    [TestCase("tiers", "[{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"name\":\"A\",\"price\":5,\"tickets\":1}]", "tiers")]
    public async Task Refuses_an_event_against_the_rules_and_names_the_field(string field, string value, string named)
    {
        var body = TicketBoothApi.EventBody(tickets: 10);
        body[field] = JsonNode.Parse(value);

        var (status, problem, _) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", body);

        Assert.That((status, (string?)problem?["code"]), Is.EqualTo((422, "validation-failed")));
        Assert.That(((JsonObject)problem!["errors"]!).Select(error => error.Key), Is.EqualTo(new[] { named }));
    }

    [Test]
    public async Task Lets_only_administrators_manage()
    {
        var id = (await MadeAsync())["id"];
        (HttpMethod Method, string Path)[] calls =
        [
            (HttpMethod.Post, "/api/v1/events"), (HttpMethod.Put, $"/api/v1/events/{id}"),
            (HttpMethod.Post, $"/api/v1/events/{id}/publish"), (HttpMethod.Post, $"/api/v1/events/{id}/cancel"),
        ];
        var stranger = new TicketBoothApi(host.Client);
        foreach (var (method, path) in calls)
        {
            Assert.That(await CodeAsync(stranger, method, path), Is.EqualTo((401, "unauthenticated")), path);
            Assert.That(await CodeAsync(host.Clerk(), method, path), Is.EqualTo((403, "forbidden")), path);
            Assert.That(await CodeAsync(host.SignedIn(Roles.Customer), method, path), Is.EqualTo((403, "forbidden")), path);
        }
    }

    [Test]
    public async Task Answers_404_for_an_event_that_is_not_there()
    {
        var id = Sample.NewId();

        Assert.That(await CodeAsync(admin, HttpMethod.Put, $"/api/v1/events/{id}"), Is.EqualTo((404, "event-not-found")));
        Assert.That(await CodeAsync(admin, HttpMethod.Post, $"/api/v1/events/{id}/publish"), Is.EqualTo((404, "event-not-found")));
        Assert.That(await CodeAsync(admin, HttpMethod.Post, $"/api/v1/events/{id}/cancel"), Is.EqualTo((404, "event-not-found")));
        Assert.That(await CodeAsync(admin, HttpMethod.Put, "/api/v1/events/not-an-id"), Is.EqualTo((404, "not-found")));
    }

    [Test]
    public async Task Publishes_once_and_says_so_again()
    {
        var made = await MadeAsync();

        var published = await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{made["id"]}/publish");
        var again = await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{made["id"]}/publish");

        Assert.That((string?)published["status"], Is.EqualTo("published"));
        Assert.That((string?)published["publishedAt"], Does.EndWith("Z"));
        Assert.That(JsonNode.DeepEquals(again, published), Is.True);
    }

    [Test]
    public async Task Changes_a_published_event_within_what_its_buyers_were_promised()
    {
        var shown = await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 10));
        var path = $"/api/v1/events/{shown["id"]}";
        var body = TicketBoothApi.EventBody(tickets: 12, price: 9_000, name: "New name");
        body["tiers"]![0]!["id"] = (string)shown["tiers"]![0]!["id"]!;

        var edited = await admin.SendAsync(HttpMethod.Put, path, body);
        Assert.That(((string?)edited["name"], (int?)edited["available"], (long?)edited["priceFrom"]), Is.EqualTo(("New name", 12, 9_000L)));

        var fewer = TicketBoothApi.EventBody(tickets: 11);
        var (status, problem, _) = await admin.AskAsync(HttpMethod.Put, path, fewer);
        Assert.That((status, (string?)problem?["code"]), Is.EqualTo((422, "tickets-released")));

        var small = TicketBoothApi.EventBody(tickets: 12);
        small["capacity"] = 11;
        (status, problem, _) = await admin.AskAsync(HttpMethod.Put, path, small);
        Assert.That((status, (string?)problem?["code"]), Is.EqualTo((422, "validation-failed")));
        Assert.That(problem!["errors"]!["capacity"], Is.Not.Null);
    }

    [Test]
    public async Task Refuses_an_edit_of_a_revision_that_somebody_else_has_changed()
    {
        var id = (string)(await MadeAsync())["id"]!;
        var (_, _, read) = await admin.AskAsync(HttpMethod.Get, $"/api/v1/events/{id}");
        var tag = read.ETag!.Tag;

        var (first, _, _) = await admin.AskAsync(HttpMethod.Put, $"/api/v1/events/{id}", TicketBoothApi.EventBody(name: "Mine"), ("If-Match", tag));
        var (second, problem, _) = await admin.AskAsync(HttpMethod.Put, $"/api/v1/events/{id}", TicketBoothApi.EventBody(name: "Yours"), ("If-Match", tag));

        Assert.That(first, Is.EqualTo(200));
        Assert.That((second, (string?)problem?["code"]), Is.EqualTo((412, "event-changed")));
        Assert.That((string?)(await admin.GetAsync($"/api/v1/events/{id}"))["name"], Is.EqualTo("Mine"));
        foreach (var act in new[] { "publish", "cancel" })
        {
            var (status, stale, _) = await admin.AskAsync(HttpMethod.Post, $"/api/v1/events/{id}/{act}", body: null, ("If-Match", tag));
            Assert.That((status, (string?)stale?["code"]), Is.EqualTo((412, "event-changed")), act);
        }
    }

    [Test]
    public async Task Every_answer_to_a_change_has_the_tag_that_a_read_has_and_the_next_change_wants()
    {
        var (_, made, first) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody());
        var path = $"/api/v1/events/{made!["id"]}";
        Assert.That(first.ETag, Is.EqualTo(await TagAsync(path)));

        var (_, _, second) = await admin.AskAsync(HttpMethod.Put, path, TicketBoothApi.EventBody(name: "Edited"), ("If-Match", first.ETag!.Tag));
        Assert.That(second.ETag, Is.EqualTo(await TagAsync(path)));

        // Weak, as a proxy that compresses makes it.
        var (published, _, third) = await admin.AskAsync(HttpMethod.Post, path + "/publish", body: null, ("If-Match", "W/" + second.ETag!.Tag));
        Assert.That((published, third.ETag), Is.EqualTo((200, await TagAsync(path))));

        var (canceled, _, fourth) = await admin.AskAsync(HttpMethod.Post, path + "/cancel", body: null, ("If-Match", third.ETag!.Tag));
        Assert.That((canceled, fourth.ETag), Is.EqualTo((200, await TagAsync(path))));

        async Task<System.Net.Http.Headers.EntityTagHeaderValue?> TagAsync(string of) => (await admin.AskAsync(HttpMethod.Get, of)).Headers.ETag;
    }

    [Test]
    public async Task Refuses_a_policy_in_place_of_one_that_its_writer_has_not_seen()
    {
        var path = $"/api/v1/events/{(await MadeAsync())["id"]}/pricing";
        var (_, _, read) = await admin.AskAsync(HttpMethod.Get, path);
        var tag = read.ETag!.Tag;
        var (known, _, _) = await admin.AskAsync(HttpMethod.Get, path, body: null, ("If-None-Match", tag));

        var (first, _, written) = await admin.AskAsync(HttpMethod.Put, path, Policy(40), ("If-Match", tag));
        var (second, problem, _) = await admin.AskAsync(HttpMethod.Put, path, Policy(60), ("If-Match", tag));
        var (made, _, _) = await admin.AskAsync(HttpMethod.Put, path, Policy(60), ("If-Match", "\"made-up\""));
        var (next, _, last) = await admin.AskAsync(HttpMethod.Put, path, Policy(60), ("If-Match", "W/" + written.ETag!.Tag));
        var (any, _, _) = await admin.AskAsync(HttpMethod.Put, path, Policy(70));

        Assert.That((known, first, made, next, any), Is.EqualTo((304, 200, 412, 200, 200)));
        Assert.That((second, (string?)problem?["code"]), Is.EqualTo((412, "policy-changed")));
        Assert.That(last.ETag, Is.Not.EqualTo(written.ETag));

        static JsonObject Policy(int most) => new() { ["mode"] = "demand", ["maxIncreasePercent"] = most };
    }

    [Test]
    public async Task Never_mixes_edits_that_come_at_once()
    {
        var id = (string)(await MadeAsync())["id"]!;
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(i =>
        {
            var body = TicketBoothApi.EventBody(tickets: i, name: "Edit " + i);
            body["venue"] = "Venue " + i;
            return admin.AskAsync(HttpMethod.Put, $"/api/v1/events/{id}", body);
        }));

        Assert.That(answers.Select(answer => answer.Status), Is.All.AnyOf(200, 409));
        Assert.That(answers.Select(answer => answer.Status), Does.Contain(200));
        var found = await admin.GetAsync($"/api/v1/events/{id}");
        var winner = ((string)found["name"]!).Split(' ')[1];
        Assert.That((string?)found["venue"], Is.EqualTo("Venue " + winner));
        Assert.That(((int)found["available"]!).ToString(System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(winner));
    }

    [Test]
    public async Task Cancels_for_good()
    {
        var shown = await admin.PublishEventAsync(TicketBoothApi.EventBody());
        var path = $"/api/v1/events/{shown["id"]}";

        Assert.That((string?)(await admin.SendAsync(HttpMethod.Post, path + "/cancel"))["status"], Is.EqualTo("canceled"));
        Assert.That((string?)(await admin.SendAsync(HttpMethod.Post, path + "/cancel"))["status"], Is.EqualTo("canceled"));

        Assert.That(await CodeAsync(admin, HttpMethod.Put, path), Is.EqualTo((409, "event-canceled")));
        Assert.That(await CodeAsync(admin, HttpMethod.Post, path + "/publish"), Is.EqualTo((409, "event-canceled")));
        Assert.That((string?)(await new TicketBoothApi(host.Client).GetAsync(path))["status"], Is.EqualTo("canceled"), "it stays visible");
    }

    [Test]
    public async Task Refuses_a_new_event_and_an_edited_draft_in_a_currency_that_no_gateway_accepts()
    {
        var draft = $"/api/v1/events/{(await MadeAsync())["id"]}";
        var body = TicketBoothApi.EventBody();
        body["currency"] = "XPF";

        var (created, refusal, _) = await admin.AskAsync(HttpMethod.Post, "/api/v1/events", body);
        var (edited, refusalOfEdit, _) = await admin.AskAsync(HttpMethod.Put, draft, body);

        Assert.That((created, (string?)refusal?["code"]), Is.EqualTo((422, "currency-not-accepted")));
        Assert.That((edited, (string?)refusalOfEdit?["code"]), Is.EqualTo((422, "currency-not-accepted")));
        Assert.That(((JsonObject)refusal!["errors"]!).Select(error => error.Key), Is.EqualTo(new[] { "currency" }));
        Assert.That((string?)(await admin.GetAsync(draft))["currency"], Is.EqualTo("BRL"), "nothing was saved");
    }

    [Test]
    public async Task A_draft_whose_currency_is_accepted_no_longer_is_not_published_and_a_published_event_is_still_edited()
    {
        var body = TicketBoothApi.EventBody();
        body["currency"] = "CHF";
        var draft = $"/api/v1/events/{(await admin.SendAsync(HttpMethod.Post, "/api/v1/events", body))["id"]}";
        var published = $"/api/v1/events/{(await admin.PublishEventAsync(body))["id"]}";
        FakePayments.Accepted.Remove("CHF", out _);
        body["name"] = "Renamed";

        Assert.That(await CodeAsync(admin, HttpMethod.Post, draft + "/publish"), Is.EqualTo((422, "currency-not-accepted")));
        Assert.That((string?)(await admin.SendAsync(HttpMethod.Put, published, body))["name"], Is.EqualTo("Renamed"));
        Assert.That((string?)(await admin.SendAsync(HttpMethod.Post, published + "/publish"))["status"], Is.EqualTo("published"), "twice changes nothing");
    }

    [Test]
    public async Task Refuses_to_publish_and_to_edit_too_late()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var later = await EventsHost.StartAsync(clock);
        var manager = later.Admin();
        var draft = await manager.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(now: clock.GetUtcNow()));
        var shown = await manager.PublishEventAsync(TicketBoothApi.EventBody(now: clock.GetUtcNow()));

        clock.Advance(TimeSpan.FromDays(30));

        Assert.That(await CodeAsync(manager, HttpMethod.Post, $"/api/v1/events/{draft["id"]}/publish"), Is.EqualTo((422, "sale-over")));
        Assert.That(await CodeAsync(manager, HttpMethod.Put, $"/api/v1/events/{shown["id"]}"), Is.EqualTo((409, "event-ended")));
    }

    [Test]
    public void Describes_every_route_for_the_reference()
    {
        var endpoints = host.App.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints
            .OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/events", StringComparison.Ordinal))
            .ToList();

        Assert.That(endpoints, Has.Count.EqualTo(14));
        foreach (var endpoint in endpoints)
        {
            Assert.That(endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IEndpointNameMetadata>(), Is.Not.Null, endpoint.DisplayName);
            Assert.That(endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IEndpointSummaryMetadata>(), Is.Not.Null, endpoint.DisplayName);
            Assert.That(endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IEndpointDescriptionMetadata>(), Is.Not.Null, endpoint.DisplayName);
            Assert.That(endpoint.Metadata.GetOrderedMetadata<Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata>(), Has.Count.GreaterThan(1), endpoint.DisplayName);
        }
    }

    private static async Task<(int Status, string? Code)> CodeAsync(TicketBoothApi api, HttpMethod method, string path)
    {
        var (status, body, _) = await api.AskAsync(method, path, method == HttpMethod.Put || path.EndsWith("/events", StringComparison.Ordinal) ? TicketBoothApi.EventBody() : null);
        return (status, (string?)body?["code"]);
    }

    private Task<JsonObject> MadeAsync() => admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody());
}
