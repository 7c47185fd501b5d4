using System.Text.Json;
using System.Text.Json.Nodes;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Tests.Orders;

/// <summary>What staff and buyers see of refunds over HTTP.</summary>
internal sealed class RefundEndpointTests
{
    private BookingHost host = null!;
    private EventForSale sale = null!;
    private Guid buyerId;
    private HttpClient buyer = null!;
    private HttpClient clerk = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await BookingHost.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => host.DisposeAsync();

    [SetUp]
    public void SignIn()
    {
        sale = host.Events.Publish(10);
        buyerId = host.NewId();
        buyer = host.Buyer(buyerId);
        clerk = host.User(host.NewId(), Roles.Clerk);
    }

    [TearDown]
    public void SignOut()
    {
        buyer.Dispose();
        clerk.Dispose();
    }

    [Test]
    public async Task Gives_a_ticket_back_and_sells_it_again()
    {
        var order = await PaidAsync(1, 2);

        var answer = await RefundAsync(order, new { ticketIds = sale.TicketIds(2), reason = "Ill." });

        Assert.That(answer.Outcome, Is.EqualTo("200"), answer.Text);
        var refund = answer.Body!["refunds"]!.AsArray().Single()!;
        var expected = new JsonObject
        {
            ["id"] = refund["id"]!.DeepClone(),
            ["amount"] = 10_000,
            ["ticketIds"] = new JsonArray(sale.Ticket(2).ToString()),
            ["released"] = true,
            ["reason"] = "Ill.",
            ["at"] = refund["at"]!.DeepClone(),
            ["status"] = "asked",
        };
        Assert.That(JsonNode.DeepEquals(refund, expected), Is.True, refund.ToJsonString());
        Assert.That(((string?)answer.Body["status"], (int)answer.Body["returned"]!), Is.EqualTo(("paid", 10_000)));
        Assert.That(answer.Body["tickets"]!.AsArray().Select(ticket => (bool?)ticket!["released"]), Is.EqualTo(new bool?[] { null, true }));
        Assert.That((await buyer.GetAnswerAsync($"/api/v1/orders/{order}")).Text, Is.EqualTo(answer.Text), "its buyer sees the same");
        using var other = host.Buyer();
        Assert.That((await other.OrderAsync(new { ticketIds = sale.TicketIds(1) })).Outcome, Is.EqualTo("409 ticket-taken"));
        Assert.That((await other.OrderAsync(new { ticketIds = sale.TicketIds(1, 2) })).Outcome, Is.EqualTo("409 ticket-taken"));
        Assert.That((await other.OrderAsync(new { ticketIds = sale.TicketIds(2) })).Outcome, Is.EqualTo("201"), "who was refused the one has not made the other taken");
    }

    [Test]
    public async Task The_same_key_gives_back_once()
    {
        var order = await PaidAsync(1, 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefundAsync(order, new { amount = 100, reason = "Sorry." }, "refund-1")));

        Assert.That(answers.Select(answer => (answer.Outcome, answer.Text)), Is.All.EqualTo(("200", answers[0].Text)));
        Assert.That((await host.LoadAsync(order)).Refunds, Has.Count.EqualTo(1));
        Assert.That((await RefundAsync(order, new { amount = 101, reason = "Sorry." }, "refund-1")).Outcome, Is.EqualTo("422 idempotency-key-reused"));
    }

    [Test]
    public async Task A_repeated_purchase_gets_the_same_answer_after_a_refund()
    {
        var body = new { ticketIds = sale.TicketIds(1, 2) };
        var first = await buyer.OrderAsync(body, "purchase-1");
        await host.DeliverAsync(host.Encode(new PaymentConfirmed(host.NewId(), first.Id(), 20_000, "BRL", host.Clock.GetUtcNow()), first.Id()));
        await RefundAsync(first.Id(), new { ticketIds = sale.TicketIds(1), reason = "Ill." });

        Assert.That((await buyer.OrderAsync(body, "purchase-1")).Text, Is.EqualTo(first.Text));
        await RefundAsync(first.Id(), new { reason = "All." });
        Assert.That((await buyer.OrderAsync(body, "purchase-1")).Text, Is.EqualTo(first.Text));
    }

    [TestCase("""{ "amount": 20001, "reason": "x" }""", "422 amount-over-rest")]
    [TestCase("""{ "amount": 0, "reason": "x" }""", "422 nothing-to-refund")]
    [TestCase("""{ "amount": -1, "reason": "x" }""", "422 validation-failed")]
    [TestCase("""{ "amount": 1, "reason": "x", "releaseTickets": true }""", "422 tickets-not-named")]
    [TestCase("""{ "ticketIds": [], "reason": "x" }""", "422 validation-failed")]
    [TestCase("""{ "ticketIds": ["0199e2f0-1b7e-8d20-8a61-3f5c9e210007"], "reason": "x" }""", "422 ticket-not-in-order")]
    [TestCase("""{ "reason": "" }""", "422 validation-failed")]
    [TestCase("""{ "reason": "two\nlines" }""", "422 validation-failed")]
    [TestCase("""{ "amount": 1 }""", "400 missing-field")]
    [TestCase("""{ "amount": "1", "reason": "x" }""", "400 malformed-json")]
    [TestCase("""{ "ammount": 1, "reason": "x" }""", "400 unknown-field")]
    public async Task Refuses_with_a_code(string body, string outcome)
    {
        var order = await PaidAsync(1, 2);

        var answer = await clerk.PostTextAsync($"/api/v1/orders/{order}/refunds", body);

        Assert.That(answer.Outcome, Is.EqualTo(outcome), answer.Text);
        Assert.That((await host.LoadAsync(order)).Refunds, Is.Empty);
    }

    [Test]
    public async Task Says_how_much_is_left()
    {
        var order = await PaidAsync(1, 2);
        await RefundAsync(order, new { amount = 19_000, reason = "Most." });

        var answer = await RefundAsync(order, new { amount = 1_001, reason = "More." });

        Assert.That((answer.Outcome, (int)answer.Body!["left"]!), Is.EqualTo(("422 amount-over-rest", 1_000)));
        Assert.That((await RefundAsync(order, new { ticketIds = sale.TicketIds(1), amount = 0, reason = "Free." })).Outcome, Is.EqualTo("200"));
        Assert.That((await RefundAsync(order, new { ticketIds = sale.TicketIds(1), amount = 0, reason = "Free." })).Outcome, Is.EqualTo("409 ticket-released"));
    }

    [Test]
    public async Task Reasons_are_at_most_500_characters()
    {
        var order = await PaidAsync(1);

        Assert.That((await RefundAsync(order, new { amount = 1, reason = new string('x', 501) })).Outcome, Is.EqualTo("422 validation-failed"));
        Assert.That((await RefundAsync(order, new { amount = 1, reason = new string('x', 500) })).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Only_staff_give_back_and_only_what_was_paid()
    {
        var order = await PaidAsync(1);
        var unpaid = (await buyer.OrderAsync(new { ticketIds = sale.TicketIds(5) })).Id();

        Assert.That((await buyer.PostTextAsync($"/api/v1/orders/{order}/refunds", """{ "reason": "x" }""")).Outcome, Does.StartWith("403"));
        Assert.That((await host.Stranger.PostTextAsync($"/api/v1/orders/{order}/refunds", """{ "reason": "x" }""")).Outcome, Does.StartWith("401"));
        Assert.That((await RefundAsync(unpaid, new { reason = "x" })).Outcome, Is.EqualTo("422 order-not-paid"));
        Assert.That((await RefundAsync(host.NewId(), new { reason = "x" })).Outcome, Is.EqualTo("404 order-not-found"));
        Assert.That((await clerk.GetAnswerAsync($"/api/v1/orders/{unpaid}")).Body!["status"]!.ToString(), Is.EqualTo("on_payment"));
    }

    [Test]
    public async Task A_buyers_own_cancellation_keeps_the_events_fee_until_the_events_time()
    {
        var start = host.Clock.GetUtcNow();
        host.Events.Put(sale with { RefundableUntil = start.AddHours(2), RefundFeePercent = 15 });
        var (mine, late, staffs) = (await PaidAsync(1), await PaidAsync(2), await PaidAsync(3));

        var canceled = await buyer.CancelAsync(mine);
        Assert.That(((string?)canceled.Body!["status"], (int)canceled.Body["returned"]!, (int)canceled.Body["refunds"]![0]!["amount"]!), Is.EqualTo(("refunded", 8_500, 8_500)));

        host.Events.Change(sale.Id, known => known with { RefundableUntil = start });
        await host.DeliverAsync(host.Encode(new EventChanged(sale.Id, 2, host.Clock.GetUtcNow()), sale.Id));
        Assert.That((await buyer.CancelAsync(late)).Outcome, Is.EqualTo("422 refund-closed"));
        Assert.That((int)(await clerk.CancelAsync(staffs)).Body!["returned"]!, Is.EqualTo(10_000), "staff give all back, at any time");

        host.Events.Change(sale.Id, known => known with { RefundWindowUntil = start.AddDays(1) });
        await host.DeliverAsync(host.Encode(new EventChanged(sale.Id, 3, host.Clock.GetUtcNow()), sale.Id));
        Assert.That((int)(await buyer.CancelAsync(late)).Body!["returned"]!, Is.EqualTo(10_000), "the show was moved: no fee, whatever the rule says");
    }

    [TestCase("{ \"ticketIds\": [] }", "400 unknown-field")]
    [TestCase("{ \"amount\": 100 }", "400 unknown-field")]
    [TestCase("[]", "400 malformed-json")]
    [TestCase("\"all\"", "400 malformed-json")]
    [TestCase("all of it", "400 malformed-json")]
    [TestCase("{", "400 malformed-json")]
    public async Task A_cancellation_with_a_body_that_says_something_cancels_nothing(string body, string outcome)
    {
        var order = await PaidAsync(1);

        Assert.That((await buyer.PostTextAsync($"/api/v1/orders/{order}/cancel", body)).Outcome, Is.EqualTo(outcome));
        Assert.That((await host.LoadAsync(order)).Status, Is.EqualTo(OrderStatus.Paid));
        Assert.That((await buyer.PostTextAsync($"/api/v1/orders/{order}/cancel", "{}")).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task A_cancellation_with_a_body_of_another_kind_cancels_nothing()
    {
        var order = await PaidAsync(1);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("tickets", "1")]);

        var answer = await buyer.PostAsync(new Uri($"/api/v1/orders/{order}/cancel", UriKind.Relative), form);

        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That((await host.LoadAsync(order)).Status, Is.EqualTo(OrderStatus.Paid));
    }

    [Test]
    public async Task A_buyers_limit_counts_the_tickets_that_they_hold()
    {
        await using var limited = await BookingHost.StartAsync(("Booking:MaxTicketsPerBuyer", "2"));
        var theirs = limited.Events.Publish(10);
        var id = limited.NewId();
        using var person = limited.Buyer(id);
        using var staff = limited.User(limited.NewId(), Roles.Admin);
        var order = (await person.OrderAsync(new { ticketIds = theirs.TicketIds(1, 2) })).Id();
        await limited.DeliverAsync(limited.Encode(new PaymentConfirmed(limited.NewId(), order, 20_000, "BRL", limited.Clock.GetUtcNow()), order));
        Assert.That((await person.OrderAsync(new { ticketIds = theirs.TicketIds(3) })).Outcome, Is.EqualTo("422 ticket-limit"));

        await staff.PostTextAsync($"/api/v1/orders/{order}/refunds", JsonSerializer.Serialize(new { ticketIds = theirs.TicketIds(1), reason = "x" }));

        Assert.That((await person.OrderAsync(new { ticketIds = theirs.TicketIds(3) })).Outcome, Is.EqualTo("201"));
    }

    private Task<Answer> RefundAsync(Guid order, object body, string? key = null) =>
        clerk.PostTextAsync($"/api/v1/orders/{order}/refunds", JsonSerializer.Serialize(body), key);

    private async Task<Guid> PaidAsync(params int[] numbers)
    {
        var placed = await buyer.OrderAsync(new { ticketIds = sale.TicketIds(numbers) });
        await host.DeliverAsync(host.Encode(new PaymentConfirmed(host.NewId(), placed.Id(), 10_000 * numbers.Length, "BRL", host.Clock.GetUtcNow()), placed.Id()));
        return placed.Id();
    }
}
