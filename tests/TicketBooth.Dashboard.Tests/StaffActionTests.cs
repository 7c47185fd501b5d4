using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>What staff do through the dashboard, over REST and in pages, and what the log keeps of it.</summary>
internal sealed partial class StaffActionTests
{
    private TestHost host = null!;
    private BoxOffice office = null!;
    private string eventId = "";

    private TicketBoothApi Admin => office.Admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await DashboardHost.StartAsync(settings: ("Dashboard:ReconcileHours", "0"));
        office = await BoxOffice.OpenAsync(host);
        eventId = await office.PublishAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task A_refund_by_staff_stands_in_the_orders_story_and_in_the_log_with_both_states()
    {
        var order = await office.SellAsync(eventId, 3);
        await office.SettledAsync();
        using var browser = await Browser.AdminAsync(host);

        await browser.SendFormAsync("/backoffice/orders/" + order, $"/backoffice/orders/{order}?handler=GiveBack", ("seen", "Paid"));

        var told = await Eventually.Async(
            () => Admin.GetAsync("/api/v1/dashboard/orders/" + order), story => (string)story["status"]! == "refunded", "the refund to be told");
        var step = told["steps"]!.AsArray().Single(step => (string)step!["what"]! == "staff_acted")!;
        var acts = (await Admin.GetAsync("/api/v1/dashboard/acts?subjectId=" + order))["items"]!.AsArray();
        Assert.That((string)step["by"]!, Is.Not.Empty);
        Assert.That(acts.Select(act => (string)act!["outcome"]!), Is.EqualTo(new[] { "done", "begun" }));
        Assert.That(acts.Select(act => (string)act!["actId"]!).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That((string)acts[1]!["before"]!, Does.Contain("\"status\":\"paid\""));
        Assert.That((string)acts[0]!["after"]!, Does.Contain("\"status\":\"refunded\""));
    }

    [Test]
    public async Task A_part_that_staff_give_back_is_given_once_and_stands_in_the_story_and_in_the_log()
    {
        var order = await office.SellAsync(eventId, 3);
        await office.SettledAsync();
        var before = await Admin.GetAsync("/api/v1/dashboard/orders/" + order);
        var (number, price) = ((int)before["tickets"]![0]!["number"]!, (long)before["tickets"]![0]!["price"]!);
        using var browser = await Browser.AdminAsync(host);
        var operation = Guid.CreateVersion7().ToString();

        foreach (var _ in new[] { "sent", "and sent again" })
        {
            await browser.SendFormAsync(
                "/backoffice/orders/" + order, $"/backoffice/orders/{order}?handler=Refund",
                ("operation", operation), ("tickets", number.ToString(CultureInfo.InvariantCulture)), ("amount", ""), ("reason", "Ill."), ("release", "true"));
        }

        var told = await Eventually.Async(
            () => Admin.GetAsync("/api/v1/dashboard/orders/" + order), story => (long)story["returned"]! > 0, "the refund to be told");
        var refund = told["refunds"]!.AsArray().Single()!;
        Assert.That(((long)refund["amount"]!, (bool)refund["released"]!, (string)refund["reason"]!), Is.EqualTo((price, true, "Ill.")));
        Assert.That(((string)told["status"]!, (long)told["returned"]!), Is.EqualTo(("paid", price)));
        Assert.That(told["tickets"]!.AsArray().Select(ticket => (bool)ticket!["released"]!), Is.EqualTo(new[] { true, false }));
        Assert.That(told["steps"]!.AsArray().Select(step => (string)step!["what"]!), Does.Contain("partly_refunded"));
        var acts = (await Admin.GetAsync("/api/v1/dashboard/acts?subjectId=" + order))["items"]!.AsArray();
        Assert.That(acts.Select(act => (string)act!["kind"]!), Is.All.EqualTo("refund-order"));
        Assert.That((await browser.GetAsync("/backoffice/orders/" + order)).Text, Does.Contain("Ill.").And.Contain("Give back a part"));
    }

    [TestCase("", "", "Type the amount to give back, or choose tickets.")]
    [TestCase("", "many", "Type the amount to give back, or choose tickets.")]
    [TestCase("", "999999.00", "more than what is left")]
    [TestCase("9999", "", "not in this order")]
    public async Task A_refund_that_makes_no_sense_is_explained(string ticket, string amount, string text)
    {
        var order = await office.SellAsync(eventId, 3);
        await office.SettledAsync();
        using var browser = await Browser.AdminAsync(host);
        List<(string, string)> fields = [("operation", Guid.CreateVersion7().ToString()), ("amount", amount), ("reason", "x"), ("release", "true")];
        if (ticket.Length > 0)
        {
            fields.Add(("tickets", ticket));
        }

        await browser.SendFormAsync("/backoffice/orders/" + order, $"/backoffice/orders/{order}?handler=Refund", [.. fields]);

        Assert.That((await browser.GetAsync("/backoffice/orders/" + order)).Text, Does.Contain(text));
        Assert.That((long)(await Admin.GetAsync("/api/v1/orders/" + order))["returned"]!, Is.Zero);
    }

    [Test]
    public async Task An_order_that_was_paid_meanwhile_is_not_refunded_by_who_meant_to_cancel_it()
    {
        var order = await office.SellAsync(eventId, 3);
        await office.SettledAsync();
        using var browser = await Browser.AdminAsync(host);

        await browser.SendFormAsync("/backoffice/orders/" + order, $"/backoffice/orders/{order}?handler=GiveBack", ("seen", "OnPayment"));

        var shown = await browser.GetAsync("/backoffice/orders/" + order);
        Assert.That(shown.Text, Does.Contain("status has changed meanwhile, and nothing was done"));
        Assert.That((string)(await Admin.GetAsync("/api/v1/orders/" + order))["status"]!, Is.EqualTo("paid"));
    }

    [Test]
    public async Task A_payment_without_an_answer_is_given_up_on_its_orders_page_when_the_tickets_wait_no_longer()
    {
        await using var own = await DashboardHost.StartAsync(
            services: DashboardHost.LeavePaymentsOpen, settings: [("Dashboard:ReconcileHours", "0"), ("Booking:HoldMinutes", "0.03")]);
        var other = await BoxOffice.OpenAsync(own);
        var order = (string)(await other.Buyer.OrderAsync(await other.PublishAsync()))["id"]!;
        await other.Buyer.PayAsync(order, "tok_silent");
        await other.Buyer.WaitForOrderAsync(order, "expired");
        var page = "/backoffice/orders/" + order;
        using var clerk = await Browser.InRoleAsync(own, "clerk");
        await Eventually.Async(() => clerk.GetAsync(page), shown => shown.Text.Contains("Ask the gateway", StringComparison.Ordinal), "the payment to show");
        var payment = (string)(await other.Admin.GetAsync("/api/v1/dashboard/orders/" + order))["payments"]![0]!["id"]!;

        await clerk.SendFormAsync(page, page + "?handler=Chase", ("paymentId", payment));

        Assert.That((await clerk.GetAsync(page)).Text, Does.Contain("The payment is closed; no money was received."));
        var shown = await Eventually.Async(() => clerk.GetAsync(page), answer => answer.Text.Contains("The gateway gave no answer", StringComparison.Ordinal), "the outcome to show");
        Assert.That(shown.Text, Does.Not.Contain("Ask the gateway"));
        var acts = (await other.Admin.GetAsync("/api/v1/dashboard/acts?subjectId=" + order))["items"]!.AsArray();
        Assert.That(acts.Select(act => ((string)act!["kind"]!, (string)act["outcome"]!)), Is.EqualTo(new[] { ("chase-payment", "done"), ("chase-payment", "begun") }));
    }

    [Test]
    public async Task An_act_that_is_refused_is_in_the_log_with_the_reason()
    {
        var gone = await office.PublishAsync(name: "Called off");
        await Admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{gone}/cancel");
        using var refused = await Admin.Client.PostAsJsonAsync($"/api/v1/events/{gone}/price-adjustments", new { percentage = 10 });

        var acts = (await Admin.GetAsync("/api/v1/dashboard/acts?subjectId=" + gone))["items"]!.AsArray();

        using var browser = await Browser.AdminAsync(host);
        var log = await browser.GetAsync("/backoffice/acts?subjectId=" + gone);
        var shown = await Eventually.Async(
            () => browser.GetAsync("/backoffice/events/" + gone), page => page.Text.Contains("This event is canceled", StringComparison.Ordinal), "the cancelation to show");

        Assert.That(log.Text, Does.Contain("Prices adjusted").And.Contain(">Refused<").And.Contain("event-canceled"));
        Assert.That(shown.Text, Does.Contain("the sale is closed").And.Not.Contain(" available"));
        Assert.That((refused.StatusCode, await CodeAsync(refused)), Is.EqualTo((HttpStatusCode.Conflict, "event-canceled")));
        Assert.That(
            acts.Select(act => ((string)act!["kind"]!, (string)act["outcome"]!)).Take(4),
            Is.EqualTo(new[] { ("adjust-prices", "event-canceled"), ("adjust-prices", "begun"), ("cancel-event", "done"), ("cancel-event", "begun") }));
    }

    [Test]
    public async Task The_log_is_found_by_person_and_day_and_speaks_in_names()
    {
        var shown = await office.PublishAsync(name: "Named Night");
        await Admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{shown}/price-adjustments", new JsonObject { ["percentage"] = 10 });
        var order = await office.SellAsync(shown, 0);
        await Browser.NewUserAsync(host, "carla@example.com", "clerk", "Carla");
        using var carla = await Browser.SignedInAsync(host, "carla@example.com", Browser.Password);
        await carla.SendFormAsync($"/backoffice/orders/{order}", $"/backoffice/orders/{order}?handler=GiveBack", ("seen", "OnPayment"));
        var number = SpokenId.Of(Guid.Parse(order));
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        using var browser = await Browser.AdminAsync(host);

        var all = (await browser.GetAsync("/backoffice/acts")).Text;
        var byId = Regex.Match(all, "<option value=\"(?<id>[0-9a-f-]{36})\"[^>]*>Carla</option>", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["id"].Value;
        var hers = (await browser.GetAsync("/backoffice/acts?byId=" + byId)).Text;
        var ofOrder = (await browser.GetAsync("/backoffice/acts?subjectId=" + number)).Text;
        var before = (await browser.GetAsync(FormattableString.Invariant($"/backoffice/acts?to={today.AddDays(-2):yyyy-MM-dd}"))).Text;
        var ofNobody = (await browser.GetAsync("/backoffice/acts?byId=abc")).Text;
        var overRest = (await Admin.GetAsync("/api/v1/dashboard/acts?byId=" + byId))["items"]!.AsArray();

        Assert.That(Regex.Count(all, "><bdi>Named Night</bdi></a>", RegexOptions.None, TimeSpan.FromMinutes(1)), Is.EqualTo(3), "created, published, adjusted");
        Assert.That(Rows(hers), Is.EqualTo(1), "one line for an action");
        Assert.That(hers, Does.Contain($">Order {number}</a>").And.Contain("<bdi>Carla</bdi>").And.Contain(">Done<"));
        Assert.That(Rows(ofOrder), Is.EqualTo(1));
        Assert.That(ofNobody, Does.Contain("There is no such account."));
        Assert.That(before, Does.Contain("Nobody did anything like this.").And.Contain("Show everything"));
        Assert.That(overRest.Select(act => (string)act!["outcome"]!), Is.EqualTo(new[] { "done", "begun" }));

        static int Rows(string page) => Regex.Count(page, "<th scope=\"row\">", RegexOptions.None, TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task A_dead_letter_is_shown_replayed_and_dropped()
    {
        var letters = host.App.Services.GetRequiredService<IDeadLetters>();
        var order = Guid.CreateVersion7();
        var now = TimeProvider.System.GetUtcNow();
        var good = MessageCodec.Encode(new OrderPlaced(order, 1, Guid.Parse(eventId), order, [], 0, "BRL", now, now), order, now);
        await letters.AddAsync("Dashboard", "booking", good, "TimeoutException: the database was away");
        await letters.AddAsync("Dashboard", "booking", good with { MessageId = Guid.CreateVersion7(), Body = "neither JSON nor a message"u8.ToArray() }, "JsonException: not a message");
        var shown = (await Admin.GetAsync("/api/v1/dashboard/dead-letters"))["items"]!.AsArray();

        using var replayed = await Admin.Client.PostAsync($"/api/v1/dashboard/dead-letters/{shown[0]!["number"]}/replay", null);
        using var again = await Admin.Client.PostAsync($"/api/v1/dashboard/dead-letters/{shown[0]!["number"]}/replay", null);
        using var failed = await Admin.Client.PostAsync($"/api/v1/dashboard/dead-letters/{shown[1]!["number"]}/replay", null);
        using var unexplained = await Admin.Client.PostAsJsonAsync($"/api/v1/dashboard/dead-letters/{shown[1]!["number"]}/drop", new { reason = "" });
        using var dropped = await Admin.Client.PostAsJsonAsync($"/api/v1/dashboard/dead-letters/{shown[1]!["number"]}/drop", new { reason = "It was never a message." });

        Assert.That(shown.Select(letter => (string)letter!["reason"]!), Is.EqualTo(new[] { "TimeoutException: the database was away", "JsonException: not a message" }));
        Assert.That((shown[0]!["body"]!.GetValueKind(), (string?)shown[1]!["body"]), Is.EqualTo((JsonValueKind.Object, "neither JSON nor a message")));
        Assert.That(replayed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), await replayed.Content.ReadAsStringAsync());
        Assert.That((await Admin.GetAsync("/api/v1/dashboard/orders?search=" + order))["items"]!.AsArray(), Has.Count.EqualTo(1), "the replayed message was taken in");
        Assert.That((again.StatusCode, await CodeAsync(again)), Is.EqualTo((HttpStatusCode.NotFound, "dead-letter-not-found")));
        Assert.That((failed.StatusCode, await CodeAsync(failed)), Is.EqualTo((HttpStatusCode.Conflict, "dead-letter-failed-again")));
        Assert.That((unexplained.StatusCode, await CodeAsync(unexplained)), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "validation-failed")));
        Assert.That(dropped.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await letters.CountAsync(), Is.Zero);
        var act = (await Admin.GetAsync("/api/v1/dashboard/acts?limit=1"))["items"]![0]!;
        Assert.That(((string)act["kind"]!, (string)act["outcome"]!), Is.EqualTo(("drop-dead-letter", "done")));
        Assert.That((string)act["request"]!, Does.Contain("It was never a message."));
        Assert.That((string)act["after"]!, Does.Contain("JsonException: not a message"), "the letter is kept with the act");
    }

    [Test]
    public async Task The_read_model_is_rebuilt_and_compared_when_an_administrator_asks()
    {
        foreach (var kind in new[] { "rebuild", "reconciliation" })
        {
            var started = await Admin.SendAsync(HttpMethod.Post, "/api/v1/dashboard/runs/" + kind);
            var run = await Eventually.Async(
                async () => (await Admin.GetAsync("/api/v1/dashboard/runs"))["items"]!.AsArray().Single(run => (string)run!["id"]! == (string)started["id"]!)!,
                run => (string)run["state"]! == "ended",
                kind + " to end",
                TimeSpan.FromMinutes(1));
            Assert.That((string)run["kind"]!, Is.EqualTo(kind));
        }

        Assert.That((long)(await Admin.GetAsync("/api/v1/dashboard/summary"))["attention"]!["differences"]!, Is.Zero);
        await Browser.NewUserAsync(host, "watching-clerk@example.com", "clerk");
        var watching = await TicketBoothApi.SignInAsync(host, "watching-clerk@example.com", Browser.Password);
        using var refused = await watching.Client.PostAsync("/api/v1/dashboard/runs/rebuild", null);
        using var unknown = await Admin.Client.PostAsync("/api/v1/dashboard/runs/demolition", null);
        Assert.That((refused.StatusCode, unknown.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.NotFound)));
    }

    [TestCase("pt-BR", "2.5", 10_000)]
    [TestCase("pt-BR", "2,5", 10_250)]
    [TestCase("en", "2,5", 10_000)]
    [TestCase("en", "2.5", 10_250)]
    [TestCase("en", "", 10_000)]
    public async Task A_percentage_is_read_as_its_writer_meant_it_or_not_at_all(string language, string typed, long price)
    {
        var steered = await office.PublishAsync(name: "Steered");
        using var admin = await Browser.AdminAsync(host);
        admin.Language = language;

        await AdjustAsync(admin, steered, typed);

        var shown = await Admin.GetAsync("/api/v1/events/" + steered);
        Assert.That((long)shown["tiers"]![0]!["price"]!, Is.EqualTo(price));
    }

    [Test]
    public async Task A_policy_that_a_colleague_has_changed_meanwhile_is_not_overwritten_unseen()
    {
        var steered = await office.PublishAsync(name: "Steered by two");
        using var late = await Browser.AdminAsync(host);
        var seen = FieldsIn((await late.GetAsync($"/backoffice/events/{steered}/prices")).Text);
        await Admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{steered}/pricing", new JsonObject { ["mode"] = "demand", ["paused"] = true });

        var refused = await late.PostAsync($"/backoffice/events/{steered}/prices?handler=Policy", seen);
        var stands = (await Admin.GetAsync($"/api/v1/events/{steered}/pricing"))["policy"]!.ToJsonString();
        var previewed = await late.PostAsync($"/backoffice/events/{steered}/prices?handler=Policy", [.. FieldsIn(refused.Text).Where(field => field.Name != "stepSeconds"), ("stepSeconds", "60")]);
        var unconfirmed = (await Admin.GetAsync($"/api/v1/events/{steered}/pricing"))["policy"]!.ToJsonString();
        var saved = await late.PostAsync($"/backoffice/events/{steered}/prices?handler=Policy", [.. FieldsIn(previewed.Text), ("shown", ShownIn(previewed.Text))]);

        Assert.That(refused.Text, Does.Contain("Somebody else changed the policy meanwhile"));
        Assert.That(unconfirmed, Is.EqualTo(stands), "what is only shown changes nothing");
        Assert.That(stands, Does.Contain("\"mode\":\"demand\"").And.Contain("\"paused\":true").And.Contain("\"stepSeconds\":900"));
        Assert.That(saved.Status, Is.EqualTo(HttpStatusCode.Redirect), saved.Text);
        Assert.That((int)(await Admin.GetAsync($"/api/v1/events/{steered}/pricing"))["policy"]!["stepSeconds"]!, Is.EqualTo(60));
    }

    [TestCase("windowMinutes", "soon")]
    [TestCase("windowMinutes", "0")]
    [TestCase("maxStepPercent", "7,5")]
    [TestCase("roundingUnit", "0.505")]
    [TestCase("roundingUnit", "0")]
    [TestCase("roundingUnit", "1000.01")]
    public async Task What_is_not_right_in_a_policy_comes_back_as_it_was_typed(string field, string typed)
    {
        var steered = await office.PublishAsync(name: "Mistyped");
        using var admin = await Browser.AdminAsync(host);
        admin.Language = "en";
        var fields = FieldsIn((await admin.GetAsync($"/backoffice/events/{steered}/prices")).Text).Where(given => given.Name != field && given.Name != "bandPercent");

        var refused = await admin.PostAsync($"/backoffice/events/{steered}/prices?handler=Policy", [.. fields, (field, typed), ("bandPercent", "4.5"), ("allowFalling", "true")]);

        var again = FieldsIn(refused.Text);
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(again, Does.Contain((field, typed)).And.Contain(("bandPercent", "4.5")).And.Contain(("allowFalling", "true")));
        Assert.That(refused.Text, Does.Match($"name=\"{field}\"[^>]*aria-invalid=\"true\"").And.Match("<details open[^>]*>\\s*<summary>Change the policy"));
        Assert.That((await Admin.GetAsync($"/api/v1/events/{steered}/pricing"))["policyChanges"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task A_percentage_is_shown_before_it_holds_and_is_taken_back_exactly()
    {
        var steered = await office.PublishAsync(name: "Steered and back");
        using var admin = await Browser.AdminAsync(host);
        admin.Language = "en";
        var prices = $"/backoffice/events/{steered}/prices";

        var shown = await admin.SendFormAsync(prices, prices + "?handler=Adjust", ("percentage", "1000"));
        var unconfirmed = await PriceAsync(steered);
        var changedInBetween = await admin.SendFormAsync(prices, prices + "?handler=Adjust", ("percentage", "900"), ("shown", ShownIn(shown.Text)));
        await AdjustAsync(admin, steered, "1000");
        var adjusted = await PriceAsync(steered);
        await AdjustAsync(admin, steered, "-12.34");
        var page = await admin.GetAsync(prices);
        await admin.SendFormAsync(prices, prices + "?handler=Undo", ("changedAt", WebUtility.HtmlDecode(ChangedAt().Match(page.Text).Groups["at"].Value)));
        var history = (await admin.GetAsync(prices)).Text;

        Assert.That(shown.Text, Does.Contain("R$1,100.00").And.Contain("50"), "the new price and the number of tickets");
        Assert.That(unconfirmed, Is.EqualTo(10_000));
        Assert.That(changedInBetween.Text, Does.Contain("R$1,000.00").And.Contain("Look at them again."));
        Assert.That(adjusted, Is.EqualTo(110_000));
        Assert.That(history, Does.Contain("took a price change back."));
        Assert.That(await PriceAsync(steered), Is.EqualTo(110_000));
    }

    [Test]
    public async Task A_base_price_of_a_published_event_is_shown_before_it_holds()
    {
        var steered = await office.PublishAsync(name: "Edited price");
        using var admin = await Browser.AdminAsync(host);
        admin.Language = "en";
        var edit = $"/backoffice/events/{steered}/edit";
        var fields = EditorTests.FieldsIn((await admin.GetAsync(edit)).Text);
        fields["Input.Tiers[0].Price"] = "50.00";

        var shown = await admin.PostAsync(edit + "?handler=Save", [.. fields.Select(field => (field.Key, field.Value))]);
        var unconfirmed = await PriceAsync(steered);
        fields["confirmed"] = EditorTests.AnswerIn(shown.Text);
        await admin.PostAsync(edit + "?handler=Save", [.. fields.Select(field => (field.Key, field.Value))]);

        Assert.That(shown.Text, Does.Contain("These prices hold as soon as you confirm").And.Contain("-50 %"));
        Assert.That((unconfirmed, await PriceAsync(steered)), Is.EqualTo((10_000L, 5_000L)));
    }

    [Test]
    public async Task A_draft_is_deleted_and_a_published_event_is_not()
    {
        var published = await office.PublishAsync(name: "Stays");
        var draft = (string)(await Admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(name: "Goes")))["id"]!;
        using var admin = await Browser.AdminAsync(host);

        var deleted = await admin.SendFormAsync($"/backoffice/events/{draft}/edit", $"/backoffice/events/{draft}/edit?handler=Delete");
        var refused = await admin.SendFormAsync($"/backoffice/events/{published}/edit", $"/backoffice/events/{published}/edit?handler=Delete");
        using var gone = await Admin.Client.GetAsync("/api/v1/events/" + draft);
        using var conflict = await Admin.Client.DeleteAsync(new Uri("/api/v1/events/" + published, UriKind.Relative));

        Assert.That((deleted.Status, deleted.Location), Is.EqualTo((HttpStatusCode.Redirect, "/backoffice/events")));
        Assert.That(refused.Location, Is.EqualTo($"/backoffice/events/{published}/edit"));
        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((conflict.StatusCode, await CodeAsync(conflict)), Is.EqualTo((HttpStatusCode.Conflict, "event-published")));
        Assert.That((string?)(await Admin.GetAsync("/api/v1/events/" + published))["status"], Is.EqualTo("published"));
    }

    [TestCase("/backoffice/upkeep", "Start", "kind", "99")]
    [TestCase("/backoffice/upkeep", "Start", "", "")]
    [TestCase("/backoffice/events/{event}/prices", "Pause", "paused", "perhaps")]
    [TestCase("/backoffice/events/{event}/off-sale", "Release", "blockId", "that one")]
    public async Task A_value_that_nobody_can_read_is_refused_and_not_replaced_by_a_default(string page, string handler, string name, string value)
    {
        var show = await office.PublishAsync(name: "Unreadable");
        using var admin = await Browser.AdminAsync(host);
        page = page.Replace("{event}", show.ToString(), StringComparison.Ordinal);

        var refused = await admin.SendFormAsync(page, $"{page}?handler={handler}", (name, value));

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task A_block_of_a_kind_that_nobody_can_read_blocks_nothing()
    {
        var show = await office.PublishAsync(name: "Of which kind");
        using var admin = await Browser.AdminAsync(host);
        var page = $"/backoffice/events/{show}/off-sale";

        var shown = await admin.SendFormAsync(page, page + "?handler=Block", ("Input.Kind", "99"), ("Input.Numbers", "1-3"), ("Input.Reason", "A camera."));

        Assert.That(shown.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(BlockId().IsMatch((await admin.GetAsync(page)).Text), Is.False);
    }

    [Test]
    public async Task Tickets_are_shown_before_they_go_off_sale_and_come_back_when_they_are_released()
    {
        var show = await office.PublishAsync(name: "With a camera");
        using var admin = await Browser.AdminAsync(host);
        admin.Language = "en";
        var page = $"/backoffice/events/{show}/off-sale";

        var shown = await admin.SendFormAsync(
            page, page + "?handler=Preview", ("Input.Kind", "Hold"), ("Input.Numbers", "3, 1-2"), ("Input.Quantity", ""), ("Input.Reason", "A camera stands there."));
        var before = await AvailableAsync(show);
        var held = await admin.SendFormAsync(page, page + "?handler=Block", ("Input.Kind", "Hold"), ("Input.Numbers", "1-3"), ("Input.Reason", "A camera stands there."));
        var refused = await admin.SendFormAsync(page, page + "?handler=Preview", ("Input.Kind", "Kill"), ("Input.Numbers", "2-5"), ("Input.Reason", "Broken."));
        await admin.SendFormAsync(page, page + "?handler=Block", ("Input.Kind", "Kill"), ("Input.Numbers", "5"), ("Input.Reason", "Broken."));
        var figures = await Eventually.Async(
            () => Admin.GetAsync("/api/v1/dashboard/events/" + show), known => (long)known["offSale"]! == 3 && (long)known["released"]! == before - 4, "the tickets off sale to be counted");
        var listed = (await admin.GetAsync(page)).Text;
        var summary = (await admin.GetAsync("/backoffice/events/" + show)).Text;
        var released = await admin.SendFormAsync(page, page + "?handler=Release", ("blockId", BlockId().Match(listed).Groups["id"].Value));
        await Eventually.Async(() => AvailableAsync(show), available => available == before - 1, "the tickets to be on sale again");

        Assert.That(shown.Text, Does.Contain("Tickets to keep for the house until you release them: 3 (numbers 1-3)."));
        Assert.That((held.Status, held.Location), Is.EqualTo((HttpStatusCode.Redirect, page)));
        Assert.That(refused.Text, Does.Contain("off sale already: 2, 3. Nothing was changed."));
        Assert.That((long)figures["tiers"]![0]!["offSale"]!, Is.EqualTo(3));
        Assert.That(summary, Does.Contain($"0 sold, 0 awaiting payment, 3 on hold for the house, {before - 4} available"), "every ticket once");
        Assert.That(listed, Does.Contain("A camera stands there.").And.Contain("On hold").And.Contain("Withdrawn"));
        Assert.That(released.Status, Is.EqualTo(HttpStatusCode.Redirect));
        var acts = (await Admin.GetAsync("/api/v1/dashboard/acts?subjectId=" + show))["items"]!.AsArray();
        Assert.That(
            acts.Where(act => (string?)act!["outcome"] == "done").Select(act => (string?)act!["kind"]).Take(3),
            Is.EqualTo(new[] { "release-tickets", "withdraw-tickets", "hold-tickets" }));
        var log = WebUtility.HtmlDecode((await admin.GetAsync("/backoffice/acts?subjectId=" + show)).Text);
        Assert.That(log, Does.Not.Contain("Changed fields: 0").And.Contain("\"1-3\""), "the log says which tickets");
    }

    [TestCase("1-2", "3", "Type ticket numbers, or how many of a tier: not both.")]
    [TestCase("", "", "Type ticket numbers, or choose a tier and how many.")]
    [TestCase("", "five", "How many: a whole number from 1 to 10,000.")]
    [TestCase("", "0", "How many: a whole number from 1 to 10,000.")]
    [TestCase("1-", "", "Write ticket numbers and ranges of them, separated by commas, for example 1-20, 35.")]
    [TestCase("9999", "", "The event does not have all of these ticket numbers.")]
    public async Task What_cannot_go_off_sale_is_said_and_stays_as_it_was_typed(string numbers, string quantity, string said)
    {
        using var admin = await Browser.AdminAsync(host);
        admin.Language = "en";
        var page = $"/backoffice/events/{eventId}/off-sale";
        var tier = TierId().Match((await admin.GetAsync(page)).Text).Groups["id"].Value;

        var refused = await admin.SendFormAsync(
            page, page + "?handler=Preview", ("Input.Kind", "Hold"), ("Input.Numbers", numbers), ("Input.TierId", tier), ("Input.Quantity", quantity), ("Input.Reason", "Broken."));

        Assert.That(WebUtility.HtmlDecode(refused.Text), Does.Contain(said).And.Not.Contain("Is this what you mean?"));
        Assert.That(refused.Text, Does.Contain($"value=\"{(numbers.Length > 0 ? numbers : "Broken.")}\"").And.Contain($"value=\"{(quantity.Length > 0 ? quantity : "Broken.")}\""));
        Assert.That(refused.Text, Does.Contain("<dd>1-50</dd>"), "the numbers of the tier");
    }

    [GeneratedRegex("<option value=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TierId();

    private async Task<long> AvailableAsync(string eventId) => (long)(await Admin.GetAsync("/api/v1/events/" + eventId))["available"]!;

    [GeneratedRegex("name=\"blockId\" value=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex BlockId();

    private async Task<long> PriceAsync(string eventId) => (long)(await Admin.GetAsync("/api/v1/events/" + eventId))["tiers"]![0]!["price"]!;

    /// <summary>Sends a percentage, and confirms what is shown if anything is.</summary>
    private static async Task AdjustAsync(Browser admin, string eventId, string percentage)
    {
        var prices = $"/backoffice/events/{eventId}/prices";
        var shown = await admin.SendFormAsync(prices, prices + "?handler=Adjust", ("percentage", percentage));
        if (ShownIn(shown.Text) is { Length: > 0 } confirmed)
        {
            await admin.SendFormAsync(prices, prices + "?handler=Adjust", ("percentage", percentage), ("shown", confirmed));
        }
    }

    /// <summary>What the button sends that confirms what is shown; empty when there is none.</summary>
    private static string ShownIn(string page) => WebUtility.HtmlDecode(Shown().Match(page).Groups["value"].Value);

    [GeneratedRegex("name=\"shown\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Shown();

    [GeneratedRegex("name=\"changedAt\" value=\"(?<at>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ChangedAt();

    /// <summary>What a browser would send of the form for the policy.</summary>
    private static (string Name, string Value)[] FieldsIn(string page)
    {
        var form = page[page.IndexOf("?handler=Policy\"", StringComparison.Ordinal)..];
        form = form[..form.IndexOf("</form>", StringComparison.Ordinal)];
        return
        [
            .. Field().Matches(form)
                .Where(input => !(input.Value.Contains("checkbox", StringComparison.Ordinal) || input.Value.Contains("radio", StringComparison.Ordinal)) || input.Value.Contains("checked", StringComparison.Ordinal))
                .Select(input => (input.Groups["name"].Value, WebUtility.HtmlDecode(input.Groups["value"].Value))),
            ("mode", form.Contains("value=\"Demand\" selected", StringComparison.Ordinal) ? "Demand" : "Off"),
        ];
    }

    [GeneratedRegex("<input[^>]*? name=\"(?<name>[^\"]+)\"[^>]*? value=\"(?<value>[^\"]*)\"[^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Field();

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"];
}
