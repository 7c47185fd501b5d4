using System.Text.Json.Nodes;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Tests.Orders;

/// <summary>What clients see of orders over HTTP. One host for all tests; each puts events of its own on sale.</summary>
internal sealed partial class OrderEndpointsTests
{
    private BookingHost host = null!;
    private Guid buyerId;
    private HttpClient buyer = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await BookingHost.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => host.DisposeAsync();

    [SetUp]
    public void SignIn()
    {
        buyerId = host.NewId();
        buyer = host.Buyer(buyerId);
    }

    [TearDown]
    public void SignOut() => buyer.Dispose();

    [Test]
    public async Task Sells_the_best_available()
    {
        var sale = host.Events.Publish(5);

        var answer = await buyer.OrderAsync(new { eventId = sale.Id, quantity = 2 });

        Assert.That(answer.Outcome, Is.EqualTo("201"));
        Assert.That(answer.Headers.Location!.OriginalString, Is.EqualTo($"/api/v1/orders/{answer.Id()}"));
        var expected = new JsonObject
        {
            ["id"] = answer.Id().ToString(),
            ["eventId"] = sale.Id.ToString(),
            ["status"] = "on_payment",
            ["tickets"] = new JsonArray(
                new JsonObject { ["id"] = sale.Ticket(1).ToString(), ["number"] = 1, ["tierId"] = sale.Tiers[0].Id.ToString(), ["price"] = 10_000 },
                new JsonObject { ["id"] = sale.Ticket(2).ToString(), ["number"] = 2, ["tierId"] = sale.Tiers[0].Id.ToString(), ["price"] = 10_000 }),
            ["total"] = 20_000,
            ["currency"] = "BRL",
            ["placedAt"] = answer.Body!["placedAt"]!.DeepClone(),
            ["expiresAt"] = answer.Body["expiresAt"]!.DeepClone(),
            ["payment"] = null,
            ["number"] = SpokenId.Of(answer.Id()),
            ["returned"] = 0,
            ["refunds"] = new JsonArray(),
            ["channel"] = "online",
        };
        Assert.That(JsonNode.DeepEquals(answer.Body, expected), Is.True, answer.Text);
        Assert.That((DateTimeOffset)answer.Body["expiresAt"]! - (DateTimeOffset)answer.Body["placedAt"]!, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task Sells_the_tickets_that_were_asked_for()
    {
        var sale = host.Events.Publish(2, 3);

        var answer = await buyer.OrderAsync(new { ticketIds = sale.TicketIds(4, 2) });

        Assert.That(answer.Outcome, Is.EqualTo("201"));
        Assert.That(answer.Body!["tickets"]!.AsArray().Select(ticket => ((int)ticket!["number"]!, (long)ticket["price"]!)), Is.EqualTo(new[] { (4, 15_000L), (2, 10_000L) }));
        Assert.That((long)answer.Body["total"]!, Is.EqualTo(25_000));
    }

    [Test]
    public async Task Asks_for_a_signed_in_user()
    {
        var sale = host.Events.Publish(1);

        Assert.That((await host.Stranger.OrderAsync(new { eventId = sale.Id, quantity = 1 })).Outcome, Is.EqualTo("401 unauthenticated"));
        Assert.That((await host.Stranger.GetAnswerAsync("/api/v1/orders")).Outcome, Is.EqualTo("401 unauthenticated"));
        Assert.That((await host.Stranger.GetAnswerAsync($"/api/v1/orders/{host.NewId()}")).Outcome, Is.EqualTo("401 unauthenticated"));
        Assert.That((await host.Stranger.CancelAsync(host.NewId())).Outcome, Is.EqualTo("401 unauthenticated"));
    }

    [TestCase("{}", "422 validation-failed", "ticketIds")]
    [TestCase("""{"quantity":1}""", "422 validation-failed", "ticketIds")]
    [TestCase("""{"ticketIds":["T"],"eventId":"E","quantity":1}""", "422 validation-failed", "ticketIds")]
    [TestCase("""{"ticketIds":[]}""", "422 validation-failed", "ticketIds")]
    [TestCase("""{"ticketIds":["T","T"]}""", "422 validation-failed", "ticketIds")]
    [TestCase("""{"ticketIds":["T"],"quantity":1}""", "422 validation-failed", "quantity")]
    [TestCase("""{"ticketIds":["T"],"tierId":"E"}""", "422 validation-failed", "tierId")]
    [TestCase("""{"eventId":"E"}""", "422 validation-failed", "quantity")]
    [TestCase("""{"eventId":"E","quantity":0}""", "422 validation-failed", "quantity")]
    [TestCase("""{"eventId":"E","quantity":-1}""", "422 validation-failed", "quantity")]
    [TestCase("""{"eventId":"E","quantity":11}""", "422 validation-failed", "quantity")]
    [TestCase("""{"eventId":"E","quantity":2147483647}""", "422 validation-failed", "quantity")]
    [TestCase("""{"eventId":"E","quantity":99999999999}""", "400 malformed-json", null)]
    [TestCase("""{"eventId":"E","quantity":1.5}""", "400 malformed-json", null)]
    [TestCase("""{"eventId":"E","quantity":"1"}""", "400 malformed-json", null)]
    [TestCase("""{"eventId":"tonight","quantity":1}""", "400 malformed-json", null)]
    [TestCase("""{"ticketIds":[null]}""", "400 malformed-json", null)]
    [TestCase("""{"ticketIds":"T"}""", "400 malformed-json", null)]
    [TestCase("""{"eventId":"E","quantity":1,"price":1}""", "400 unknown-field", null)]
    [TestCase("""{"eventId":"E",""", "400 malformed-json", null)]
    [TestCase("null", "400 malformed-request", null)]
    [TestCase("", "400 malformed-request", null)]
    public async Task Refuses_a_body_that_says_no_order(string body, string outcome, string? field)
    {
        var sale = host.Events.Publish(20);

        var answer = await buyer.PostTextAsync(
            "/api/v1/orders", body.Replace("\"E\"", $"\"{sale.Id}\"", StringComparison.Ordinal).Replace("\"T\"", $"\"{sale.Ticket(1)}\"", StringComparison.Ordinal));

        Assert.That(answer.Outcome, Is.EqualTo(outcome), answer.Text);
        if (field is not null)
        {
            Assert.That(answer.Body!["errors"]!.AsObject().Select(entry => entry.Key), Does.Contain(field));
        }
    }

    [Test]
    public async Task Refuses_more_tickets_than_an_order_takes()
    {
        var sale = host.Events.Publish(20);

        Assert.That((await buyer.OrderAsync(new { ticketIds = sale.TicketIds([.. Enumerable.Range(1, 11)]) })).Outcome, Is.EqualTo("422 validation-failed"));
        Assert.That((await buyer.OrderAsync(new { ticketIds = sale.TicketIds([.. Enumerable.Range(1, 10)]) })).Outcome, Is.EqualTo("201"));
    }

    [Test]
    public async Task Refuses_an_idempotency_key_that_is_none()
    {
        var body = new { eventId = host.Events.Publish(20).Id, quantity = 1 };

        Assert.That((await buyer.OrderAsync(body, key: new string('k', 256))).Outcome, Is.EqualTo("422 validation-failed"));
        Assert.That((await buyer.OrderAsync(body, key: new string('k', 255))).Outcome, Is.EqualTo("201"));
    }

    [Test]
    public async Task Knows_no_tickets_that_are_not_there()
    {
        var sale = host.Events.Publish(3);
        var elsewhere = TaggedId.NewBase(host.Clock.GetUtcNow());
        Guid[] unknown = [sale.Ticket(4), sale.Ticket(0), sale.Id, TaggedId.Of(elsewhere, 1), new("6f9619ff-8b86-4011-b42d-00c04fc964ff"), Guid.Empty];

        foreach (var ticket in unknown)
        {
            Assert.That((await buyer.OrderAsync(new { ticketIds = new[] { ticket } })).Outcome, Is.EqualTo("404 ticket-not-found"), ticket.ToString());
        }

        Assert.That((await buyer.OrderAsync(new { ticketIds = new[] { sale.Ticket(1), sale.Ticket(4) } })).Outcome, Is.EqualTo("404 ticket-not-found"));
        Assert.That((await buyer.OrderAsync(new { ticketIds = sale.TicketIds(1, 2, 3) })).Outcome, Is.EqualTo("201"), "nothing of the refused ones was taken");
    }

    [Test]
    public async Task Knows_no_event_and_no_tier_that_is_not_there()
    {
        var (sale, other) = (host.Events.Publish(3), host.Events.Publish(3));

        Assert.That((await buyer.OrderAsync(new { eventId = host.NewId(), quantity = 1 })).Outcome, Is.EqualTo("404 event-not-found"));
        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, tierId = other.Tiers[0].Id, quantity = 1 })).Outcome, Is.EqualTo("404 tier-not-found"));
    }

    [Test]
    public async Task Takes_tickets_of_one_event_only()
    {
        var (sale, other) = (host.Events.Publish(3), host.Events.Publish(3));

        Assert.That((await buyer.OrderAsync(new { ticketIds = new[] { sale.Ticket(1), other.Ticket(2) } })).Outcome, Is.EqualTo("422 tickets-of-different-events"));
    }

    [Test]
    public async Task Sells_only_while_the_sale_is_open()
    {
        var now = host.Clock.GetUtcNow();
        var early = host.Events.Publish(3);
        host.Events.Put(early with { SaleOpensAt = now.AddTicks(1) });
        var late = host.Events.Publish(3);
        host.Events.Put(late with { SaleClosesAt = now });
        var off = host.Events.Publish(3);
        host.Events.Put(off with { IsCanceled = true });

        Assert.That((await buyer.OrderAsync(new { eventId = early.Id, quantity = 1 })).Outcome, Is.EqualTo("422 sale-not-open"));
        Assert.That((await buyer.OrderAsync(new { ticketIds = late.TicketIds(1) })).Outcome, Is.EqualTo("422 sale-closed"));
        Assert.That((await buyer.OrderAsync(new { eventId = off.Id, quantity = 1 })).Outcome, Is.EqualTo("422 event-canceled"));
    }

    [Test]
    public async Task Says_who_was_faster()
    {
        var sale = host.Events.Publish(2);
        await buyer.OrderAsync(new { ticketIds = sale.TicketIds(1) });
        using var other = host.Buyer();

        Assert.That((await other.OrderAsync(new { ticketIds = sale.TicketIds(1, 2) })).Outcome, Is.EqualTo("409 ticket-taken"));
        Assert.That((await other.OrderAsync(new { eventId = sale.Id, quantity = 2 })).Outcome, Is.EqualTo("409 not-enough-tickets"));
        Assert.That((await other.OrderAsync(new { eventId = sale.Id, quantity = 1 })).Outcome, Is.EqualTo("201"));
    }

    [Test]
    public async Task The_same_key_gets_the_same_body_to_the_letter()
    {
        var sale = host.Events.Publish(5);
        var body = new { eventId = sale.Id, quantity = 1 };
        var first = await buyer.OrderAsync(body, key: "one");
        var payment = host.NewId();
        await host.SendAsync(new Contracts.BeginPayment(first.Id(), buyerId, payment));
        await host.ShardOf(first.Id()).Lane.RunAsync(
            new ChangeItem(first.Id(), inbox: null, (order, now) => PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, now)), CancellationToken.None);

        var again = await buyer.OrderAsync(body, key: "one");

        Assert.That((again.Outcome, again.Text, again.Headers.Location), Is.EqualTo(("201", first.Text, first.Headers.Location)));
        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, quantity = 2 }, key: "one")).Outcome, Is.EqualTo("422 idempotency-key-reused"));
    }

    [Test]
    public async Task Shows_an_order_to_its_owner_and_to_staff_alone()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        using var other = host.Buyer();
        using var clerk = host.User(host.NewId(), Roles.Clerk);
        using var admin = host.User(host.NewId(), Roles.Admin);
        var path = $"/api/v1/orders/{placed.Id()}";

        Assert.That((await buyer.GetAnswerAsync(path)).Text, Is.EqualTo(placed.Text));
        Assert.That((await clerk.GetAnswerAsync(path)).Text, Is.EqualTo(placed.Text));
        Assert.That((await admin.GetAnswerAsync(path)).Text, Is.EqualTo(placed.Text));
        Assert.That((await other.GetAnswerAsync(path)).Outcome, Is.EqualTo("404 order-not-found"));
    }

    [Test]
    public async Task Knows_no_order_that_is_not_there()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        TaggedId.TryReadTag(placed.Id(), out var shard);
        Guid[] unknown = [host.NewId(), TaggedId.New(host.Clock.GetUtcNow(), shard), TaggedId.New(host.Clock.GetUtcNow(), 60_000), Guid.Empty];

        foreach (var id in unknown)
        {
            Assert.That((await buyer.GetAnswerAsync($"/api/v1/orders/{id}")).Outcome, Is.EqualTo("404 order-not-found"), id.ToString());
            Assert.That((await buyer.CancelAsync(id)).Outcome, Is.EqualTo("404 order-not-found"), id.ToString());
        }

        Assert.That((await buyer.GetAnswerAsync("/api/v1/orders/mine")).Outcome, Is.EqualTo("404 not-found"));
    }

    [Test]
    public async Task Shows_how_far_the_payment_is()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        var payment = host.NewId();
        await host.SendAsync(new Contracts.BeginPayment(placed.Id(), buyerId, payment));

        var shown = await buyer.GetAnswerAsync($"/api/v1/orders/{placed.Id()}");

        Assert.That(shown.Body!["payment"]!.ToJsonString(), Is.EqualTo($$"""{"id":"{{payment}}","status":"awaiting_confirmation"}"""));
    }

    [Test]
    public async Task Lists_ones_own_orders_newest_first_across_shards()
    {
        var large = host.Events.Publish(50);
        host.Events.Put(large with { Large = true });
        EventForSale[] sales = [large, host.Events.Publish(50)];
        var placed = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            placed.Add((await buyer.OrderAsync(new { eventId = sales[i % 2].Id, quantity = 1 })).Id().ToString());
            host.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        using var other = host.Buyer();
        await other.OrderAsync(new { eventId = large.Id, quantity = 1 });

        foreach (var limit in new[] { 1, 2, 3, 7, 50 })
        {
            var seen = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await buyer.GetAnswerAsync(FormattableString.Invariant($"/api/v1/orders?limit={limit}") + (cursor.Length > 0 ? $"&cursor={cursor}" : ""));
                var items = page.Body!["items"]!.AsArray().Select(order => (string)order!["id"]!).ToList();
                Assert.That(items, Has.Count.InRange(1, limit));
                seen.AddRange(items);
                cursor = (string?)page.Body["nextCursor"];
            }

            Assert.That(seen, Is.EqualTo(Enumerable.Reverse(placed)));
        }
    }

    [Test]
    public async Task Lists_nothing_of_a_buyer_without_orders() =>
        Assert.That((await buyer.GetAnswerAsync("/api/v1/orders")).Text, Is.EqualTo("""{"items":[],"nextCursor":null}"""));

    [TestCase("limit=0", "422 validation-failed")]
    [TestCase("limit=201", "422 validation-failed")]
    [TestCase("limit=-5", "422 validation-failed")]
    [TestCase("limit=many", "400 malformed-request")]
    [TestCase("cursor=nonsense", "422 validation-failed")]
    public async Task Refuses_a_page_that_is_none(string query, string outcome) =>
        Assert.That((await buyer.GetAnswerAsync("/api/v1/orders?" + query)).Outcome, Is.EqualTo(outcome));

    [Test]
    public async Task An_order_on_payment_is_canceled_by_its_owner_once()
    {
        var sale = host.Events.Publish(1);
        var placed = await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 });

        var canceled = await buyer.CancelAsync(placed.Id());
        var again = await buyer.CancelAsync(placed.Id());

        Assert.That((canceled.Outcome, (string?)canceled.Body!["status"]), Is.EqualTo(("200", "canceled")));
        Assert.That((again.Outcome, again.Text), Is.EqualTo(("200", canceled.Text)));
        Assert.That((await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 })).Outcome, Is.EqualTo("201"), "the ticket is free again");
    }

    [Test]
    public async Task Nobody_else_but_staff_cancels_an_order()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        using var other = host.Buyer();
        using var clerk = host.User(host.NewId(), Roles.Clerk);

        Assert.That((await other.CancelAsync(placed.Id())).Outcome, Is.EqualTo("404 order-not-found"));
        Assert.That((string?)(await buyer.GetAnswerAsync($"/api/v1/orders/{placed.Id()}")).Body!["status"], Is.EqualTo("on_payment"));
        Assert.That((await clerk.CancelAsync(placed.Id())).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task A_paid_order_is_given_back_by_its_owner_until_the_sale_closes_and_by_staff_always()
    {
        var sale = host.Events.Publish(5);
        var (one, other) = (await PaidAsync(sale), await PaidAsync(sale));

        var refunded = await buyer.CancelAsync(one);
        Assert.That((refunded.Outcome, (string?)refunded.Body!["status"], (string?)refunded.Body["payment"]!["status"]), Is.EqualTo(("200", "refunded", "paid")));

        host.Events.Change(sale.Id, known => known with { SaleClosesAt = host.Clock.GetUtcNow() });
        await host.DeliverAsync(host.Encode(new EventChanged(sale.Id, 2, host.Clock.GetUtcNow()), sale.Id));
        using var clerk = host.User(host.NewId(), Roles.Clerk);
        Assert.That((await buyer.CancelAsync(other)).Outcome, Is.EqualTo("422 refund-closed"));
        Assert.That((string?)(await clerk.CancelAsync(other)).Body!["status"], Is.EqualTo("refunded"));
    }

    [Test]
    public async Task An_expired_order_cannot_be_canceled()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        await host.ShardOf(placed.Id()).Lane.RunAsync(
            new ChangeItem(placed.Id(), inbox: null, (order, _) => OrderRules.Expire(order, settledPaymentId: null, order.ExpiresAt)), CancellationToken.None);

        Assert.That((await buyer.CancelAsync(placed.Id())).Outcome, Is.EqualTo("422 order-expired"));
    }

    private async Task<Guid> PaidAsync(EventForSale sale)
    {
        var placed = await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 });
        var payment = host.NewId();
        await host.SendAsync(new Contracts.BeginPayment(placed.Id(), buyerId, payment));
        await host.DeliverAsync(host.Encode(new PaymentConfirmed(payment, placed.Id(), 10_000, "BRL", host.Clock.GetUtcNow()), placed.Id()));
        return placed.Id();
    }
}
