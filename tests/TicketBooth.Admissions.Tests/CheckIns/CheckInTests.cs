using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Testing;

namespace TicketBooth.Admissions.Tests.CheckIns;

[TestFixture]
internal sealed class CheckInTests
{
    private AdmissionsHost host = null!;
    private HttpClient door = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await AdmissionsHost.StartAsync();
        door = host.Door();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        door.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public async Task A_code_lets_in_once()
    {
        var order = await host.PaidAsync(host.NewEvent(), 7, 8);
        var code = (await host.CodesAsync(order))[7];

        var first = await AdmissionsHost.ScanAsync(door, code, order.EventId);
        var second = await AdmissionsHost.ScanAsync(door, code, order.EventId);

        Assert.That(((string?)first["outcome"], (string?)first["ticket"]!["tier"], (int)first["ticket"]!["number"]!), Is.EqualTo(("admitted", "Stalls", 7)));
        Assert.That((string?)second["outcome"], Is.EqualTo("already_admitted"));
        Assert.That((string?)second["previous"]!["scanId"], Is.EqualTo((string?)first["scanId"]));
    }

    [Test]
    public async Task Of_fifty_scans_of_one_code_at_once_one_lets_in()
    {
        var code = (await host.CodesAsync(await host.PaidAsync(host.NewEvent(), 1)))[1];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AdmissionsHost.OutcomeAsync(door, code))));

        Assert.That(outcomes.Order(StringComparer.Ordinal), Is.EqualTo(Enumerable.Repeat("already_admitted", 49).Prepend("admitted")));
    }

    [Test]
    public async Task A_repeated_scan_gets_its_first_answer_and_another_code_under_its_id_is_refused()
    {
        var codes = await host.CodesAsync(await host.PaidAsync(host.NewEvent(), 1, 2));
        var scanId = Guid.CreateVersion7();

        var answers = new[] { await AdmissionsHost.ScanAsync(door, codes[1], scanId: scanId), await AdmissionsHost.ScanAsync(door, codes[1], scanId: scanId) };
        var (status, problem) = await AdmissionsHost.AskAsync(door, HttpMethod.Post, "/api/v1/checkins", new JsonObject { ["code"] = codes[2], ["scanId"] = scanId });

        Assert.That(answers.Select(answer => answer.ToJsonString()).Distinct(StringComparer.Ordinal).Single(), Does.Contain("\"admitted\""));
        Assert.That((status, (string?)problem!["code"]), Is.EqualTo((409, "scan-id-used")));
    }

    [Test]
    public async Task What_is_no_code_of_ours_or_not_signed_by_us_lets_nobody_in()
    {
        var codes = await host.CodesAsync(await host.PaidAsync(host.NewEvent(), 1));
        var code = codes[1];
        var forged = code[..40] + (code[40] == '0' ? '1' : '0') + code[41..];

        Assert.That(
            (await AdmissionsHost.OutcomeAsync(door, "HELLO"), await AdmissionsHost.OutcomeAsync(door, code[..^1]), await AdmissionsHost.OutcomeAsync(door, forged)),
            Is.EqualTo(("unknown_code", "unknown_code", "forged")));
    }

    [Test]
    public async Task A_code_of_another_event_is_told_apart()
    {
        var (show, other) = (host.NewEvent(), host.NewEvent());
        var code = (await host.CodesAsync(await host.PaidAsync(other, 1)))[1];

        Assert.That((string?)(await AdmissionsHost.ScanAsync(door, code, show.Id))["outcome"], Is.EqualTo("wrong_event"));
    }

    [Test]
    public async Task A_refunded_ticket_is_void_and_its_next_buyer_comes_in()
    {
        var show = host.NewEvent();
        var first = await host.PaidAsync(show, 1);
        var former = (await host.CodesAsync(first))[1];
        await host.RefundedAsync(first);
        var second = await host.PaidAsync(show, 1);

        Assert.That((await AdmissionsHost.OutcomeAsync(door, former), await AdmissionsHost.OutcomeAsync(door, (await host.CodesAsync(second))[1])), Is.EqualTo(("void", "admitted")));
    }

    [Test]
    public async Task The_door_opens_and_closes_by_its_rules_and_lets_in_again_if_it_may()
    {
        var show = host.NewEvent(Sample.Now.AddDays(5));
        var codes = await host.CodesAsync(await host.PaidAsync(show, 1, 2));
        using var admin = host.ClientOf(Guid.CreateVersion7(), Roles.Admin);

        Assert.That(await AdmissionsHost.OutcomeAsync(door, codes[1]), Is.EqualTo("too_early"));
        var (status, times) = await AdmissionsHost.AskAsync(
            admin, HttpMethod.Put, $"/api/v1/events/{show.Id}/door-rules",
            new JsonObject { ["opensMinutesBefore"] = 10_000, ["closesMinutesAfter"] = 60, ["reEntry"] = true, ["transfers"] = 0 });
        Assert.That((status, (DateTimeOffset)times!["opensAt"]!), Is.EqualTo((200, show.StartsAt.AddMinutes(-10_000))));

        var outcomes = new List<string>();
        foreach (var direction in new[] { "in", "in", "out", "out", "in" })
        {
            outcomes.Add(await AdmissionsHost.OutcomeAsync(door, codes[1], direction));
        }

        Assert.That(outcomes, Is.EqualTo(new[] { "admitted", "already_admitted", "left", "not_inside", "admitted" }));
    }

    [Test]
    public async Task A_check_in_is_taken_back_and_can_be_done_again()
    {
        var code = (await host.CodesAsync(await host.PaidAsync(host.NewEvent(), 1)))[1];
        var scanId = (string)(await AdmissionsHost.ScanAsync(door, code))["scanId"]!;

        var undone = new[] { await UndoAsync(scanId), await UndoAsync(scanId) };

        Assert.That(undone, Is.All.EqualTo(200));
        Assert.That(await AdmissionsHost.OutcomeAsync(door, code), Is.EqualTo("admitted"));
        Assert.That((await UndoAsync(Guid.CreateVersion7().ToString()), await UndoAsync(await ScanIdAsync(code))), Is.EqualTo((404, 409)));
    }

    [Test]
    public async Task Staff_find_a_ticket_by_name_order_or_number_and_let_it_in()
    {
        var show = host.NewEvent();
        var order = await host.PaidAsync(show, 3, 4);
        await host.PaidAsync(show, 5);
        host.Neighbours.Users[order.BuyerId] = new(order.BuyerId, "Ana Souza", "ana@example.com", [Roles.Customer], HasSecondFactor: false);
        using var buyer = host.ClientOf(order.BuyerId);
        await AdmissionsHost.AskAsync(
            buyer, HttpMethod.Put, $"/api/v1/orders/{order.OrderId}/tickets/{TaggedId.Of(show.Id, 4)}/holder", new JsonObject { ["name"] = "João Névoa" });

        Assert.That(await FoundAsync(show.Id, "ana"), Is.EqualTo(new[] { 3, 4 }));
        Assert.That(await FoundAsync(show.Id, "nevoa"), Is.EqualTo(new[] { 4 }));
        Assert.That(await FoundAsync(show.Id, "5"), Is.EqualTo(new[] { 5 }));
        Assert.That(await FoundAsync(show.Id, SpokenId.Of(order.OrderId)), Is.SupersetOf(new[] { 3, 4 }));
        Assert.That(await FoundAsync(show.Id, ""), Is.EqualTo(new[] { 3, 4, 5 }));

        var (status, answer) = await AdmissionsHost.AskAsync(
            door, HttpMethod.Post, "/api/v1/checkins", new JsonObject { ["ticketId"] = TaggedId.Of(show.Id, 4), ["scanId"] = Guid.CreateVersion7() });
        Assert.That((status, (string?)answer!["outcome"], (string?)answer["ticket"]!["holderName"]), Is.EqualTo((200, "admitted", "João Névoa")));
    }

    [Test]
    public async Task Two_offline_scanners_that_let_one_code_in_are_found()
    {
        var show = host.NewEvent();
        var code = (await host.CodesAsync(await host.PaidAsync(show, 1)))[1];

        var first = await AdmissionsHost.ScanAsync(door, code, show.Id, scannedAt: Sample.Now.AddMinutes(-1), offline: true);
        var second = await AdmissionsHost.ScanAsync(door, code, show.Id, scannedAt: Sample.Now.AddMinutes(-2), offline: true);

        Assert.That(((string?)first["outcome"], (string?)second["outcome"]), Is.EqualTo(("admitted", "already_admitted")));
        var (_, state) = await AdmissionsHost.AskAsync(door, HttpMethod.Get, $"/api/v1/events/{show.Id}/door");
        var conflict = state!["conflicts"]!.AsArray().Single()!;
        Assert.That(((int)conflict["number"]!, (string?)conflict["previous"]!["scanId"]), Is.EqualTo((1, (string?)first["scanId"])));
    }

    [Test]
    public async Task What_a_scanner_let_in_because_it_did_not_hear_the_refusal_is_found()
    {
        var show = host.NewEvent();
        var code = (await host.CodesAsync(await host.PaidAsync(show, 1)))[1];
        await AdmissionsHost.OutcomeAsync(door, code);
        var scan = new JsonObject { ["code"] = code, ["scanId"] = Guid.CreateVersion7(), ["eventId"] = show.Id };

        await AdmissionsHost.AskAsync(door, HttpMethod.Post, "/api/v1/checkins", scan.DeepClone().AsObject());
        Assert.That(await ConflictsAsync(), Is.Zero, "nobody was let in twice");
        scan["offline"] = true;
        var (_, told) = await AdmissionsHost.AskAsync(door, HttpMethod.Post, "/api/v1/checkins", scan);

        Assert.That((string?)told!["outcome"], Is.EqualTo("already_admitted"));
        await Eventually.Async(ConflictsAsync, conflicts => conflicts == 1, "the conflict to be known at the door");

        async Task<int> ConflictsAsync() =>
            (await AdmissionsHost.AskAsync(door, HttpMethod.Get, $"/api/v1/events/{show.Id}/door")).Body!["conflicts"]!.AsArray().Count;
    }

    [Test]
    public async Task A_scanner_loads_what_it_needs_to_decide_by_itself()
    {
        var show = host.NewEvent();
        var first = await host.PaidAsync(show, 1, 2, 3);
        var codes = await host.CodesAsync(first);
        await host.RefundedAsync(await host.PaidAsync(show, 4));
        await AdmissionsHost.OutcomeAsync(door, codes[2]);

        using var response = await door.GetAsync($"/api/v1/events/{show.Id}/door");
        var state = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.That(state["revocations"]!.ToJsonString(), Is.EqualTo("""[{"number":4,"below":2}]"""));
        Assert.That(state["inside"]!.ToJsonString(), Is.EqualTo("[2]"));
        Assert.That(state["counts"]!.ToJsonString(), Is.EqualTo("""{"tickets":3,"inside":1,"left":0,"toCome":2}"""));
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String((string)state["publicKey"]!), out _);
        Assert.That(codes.Values.All(code => IsBy(key, code)), Is.True);

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events/{show.Id}/door");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await door.SendAsync(again);
        Assert.That((int)unchanged.StatusCode, Is.EqualTo(304));
    }

    [TestCase(Roles.Customer, 403)]
    [TestCase(Roles.Door, 200)]
    [TestCase(Roles.Clerk, 200)]
    [TestCase(Roles.Admin, 200)]
    public async Task The_door_is_for_staff(string role, int status)
    {
        var show = host.NewEvent();
        using var client = host.ClientOf(Guid.CreateVersion7(), role);

        Assert.That((await AdmissionsHost.AskAsync(client, HttpMethod.Get, $"/api/v1/events/{show.Id}/door")).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Door_staff_change_no_rules_and_see_no_orders()
    {
        var show = host.NewEvent();
        var order = await host.PaidAsync(show, 1);

        var changed = await AdmissionsHost.AskAsync(door, HttpMethod.Put, $"/api/v1/events/{show.Id}/door-rules", new JsonObject());
        var seen = await AdmissionsHost.AskAsync(door, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets");

        Assert.That((changed.Status, seen.Status), Is.EqualTo((403, 404)));
    }

    [Test]
    public async Task A_body_without_code_or_with_both_is_refused()
    {
        var bodies = new[]
        {
            new JsonObject { ["scanId"] = Guid.CreateVersion7() },
            new JsonObject { ["scanId"] = Guid.CreateVersion7(), ["code"] = "A", ["ticketId"] = Guid.CreateVersion7() },
            new JsonObject { ["scanId"] = Guid.Empty, ["code"] = "A" },
            new JsonObject { ["scanId"] = Guid.CreateVersion7(), ["code"] = "A", ["scannedAt"] = Sample.Now.AddDays(-8) },
        };

        foreach (var body in bodies)
        {
            var (status, problem) = await AdmissionsHost.AskAsync(door, HttpMethod.Post, "/api/v1/checkins", body);
            Assert.That((status, (string?)problem!["code"]), Is.EqualTo((422, "validation-failed")), body.ToJsonString());
        }
    }

    [Test]
    public async Task Bad_rules_are_refused_by_name()
    {
        var show = host.NewEvent();

        var refused = await host.SendAsync(new ChangeDoorRules(show.Id, new DoorRules(-1, 50_000, Transfers: 11)));

        Assert.That(
            refused.Error!.Fields!.Keys, Is.EquivalentTo(["rules.opensMinutesBefore", "rules.closesMinutesAfter", "rules.transfers"]));
        Assert.That((await host.SendAsync(new ChangeDoorRules(Sample.NewEvent(), new DoorRules()))).Error!.Code, Is.EqualTo("event-not-found"));
    }

    private static bool IsBy(ECDsa key, string code) => CodeSignature.IsBy(key, code);

    private async Task<int> UndoAsync(string scanId) => (await AdmissionsHost.AskAsync(door, HttpMethod.Post, $"/api/v1/checkins/{scanId}/undo")).Status;

    private async Task<string> ScanIdAsync(string code) => (string)(await AdmissionsHost.ScanAsync(door, code))["scanId"]!;

    private async Task<int[]> FoundAsync(Guid eventId, string search)
    {
        var (status, page) = await AdmissionsHost.AskAsync(door, HttpMethod.Get, $"/api/v1/events/{eventId}/door/tickets?search={Uri.EscapeDataString(search)}");
        Assert.That(status, Is.EqualTo(200), page?.ToJsonString());
        return [.. page!["items"]!.AsArray().Select(ticket => (int)ticket!["number"]!)];
    }
}
