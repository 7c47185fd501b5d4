using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Stripe;
using TicketBooth.Gateways.Stripe;

namespace TicketBooth.Gateways.Tests.Stripe;

public class StripeListTests : StripeStandInFixture
{
    [Test]
    public async Task The_library_pages_through_a_list_the_newest_first()
    {
        var ids = Enumerable.Range(0, 5).Select(_ => StandIn.Console.PayUnknown(500, "brl")).Reverse().ToList();
        var found = new List<string>();
        await foreach (var intent in Client.V1.PaymentIntents.ListAutoPagingAsync(new PaymentIntentListOptions { Limit = 2, Expand = ["data.latest_charge"] }))
        {
            Assert.That(intent.LatestCharge.Paid, Is.True);
            found.Add(intent.Id);
        }

        Assert.That(found, Is.EqualTo(ids));
        Assert.That(StandIn.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_list_goes_back_by_ending_before()
    {
        var ids = Enumerable.Range(0, 4).Select(_ => StandIn.Console.PayUnknown(500, "brl")).Reverse().ToList();

        var page = await Client.V1.PaymentIntents.ListAsync(new PaymentIntentListOptions { Limit = 2, EndingBefore = ids[3] });
        Assert.That(page.Select(intent => intent.Id), Is.EqualTo(ids[1..3]));
    }

    [TestCase("limit=0", "limit")]
    [TestCase("limit=101", "limit")]
    [TestCase("starting_after=pi_none", "starting_after")]
    [TestCase("colour=red", "colour")]
    [TestCase("created[since]=1", "created[since]")]
    [TestCase("expand[]=data.customer", "expand")]
    public async Task A_list_that_breaks_a_rule_is_refused(string query, string param)
    {
        StandIn.Console.PayUnknown(500, "brl");
        using var answer = await Http.GetAsync(new Uri("/v1/payment_intents?" + query, UriKind.Relative));

        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.That((string?)body!["error"]!["param"], Is.EqualTo(param));
    }

    [Test]
    public async Task Balance_transactions_of_a_period_name_their_sources()
    {
        var intent = await PayAsync();
        var refund = await RefundAsync(intent, 1000);
        var at = new DateTimeOffset(intent.Created, TimeSpan.Zero);
        DateRangeOptions Range(int from, int to) => new() { GreaterThanOrEqual = at.AddDays(from).UtcDateTime, LessThan = at.AddDays(to).UtcDateTime };

        var found = await Client.V1.BalanceTransactions.ListAsync(new BalanceTransactionListOptions { Created = Range(-1, 1), Expand = ["data.source"] });
        Assert.That(found.Select(movement => (movement.Type, movement.Amount)), Is.EqualTo([("refund", -1000L), ("charge", 5000L)]));
        Assert.That(found.Select(movement => movement.SourceId), Is.EqualTo([refund.Id, intent.LatestChargeId]));
        Assert.That(await Client.V1.BalanceTransactions.ListAsync(new BalanceTransactionListOptions { Created = Range(-2, -1) }), Is.Empty);
        Assert.That(await Client.V1.BalanceTransactions.ListAsync(new BalanceTransactionListOptions { Type = "refund" }), Has.Exactly(1).Items);
    }

    [Test]
    public async Task Events_are_listed_also_those_that_were_never_sent()
    {
        StandIn.WebhookUrl = null;
        await PayAsync();

        var events = await Client.V1.Events.ListAsync(new EventListOptions { Type = "payment_intent.succeeded" });
        Assert.That(((PaymentIntent)events.Single().Data.Object).Status, Is.EqualTo("succeeded"));
        Assert.That(Receiver.All, Is.Empty);
    }

    [Test]
    public async Task All_of_the_console_is_had_over_HTTP()
    {
        async Task<string> Do(string what)
        {
            using var answer = await Http.PostAsync(new Uri("/_standin/" + what, UriKind.Relative), null);
            Assert.That((int)answer.StatusCode, Is.InRange(200, 204), what);
            return (await answer.Content.ReadAsStringAsync()).Trim('"');
        }

        await Do("webhooks/plan?copies=0&isHeld=false");
        var paid = await Do("payments?amount=900&currency=brl");
        await Do($"payments/{paid}/again");
        await Do($"payments/{paid}/refund?amount=300");
        await Do($"disputes/{await Do($"payments/{paid}/dispute?amount=100")}/close?isWon=false");
        await Do("faults/fail?operation=GetBalance&status=429");
        Assert.That(() => Client.V1.Balance.GetAsync(), Throws.InstanceOf<StripeException>());
        var waiting = await PayAsync("pm_card_authenticationRequired");
        await Do($"payments/{waiting.Id}/finish?succeeds=true");

        using var late = await Http.PostAsync(new Uri($"/_standin/payments/{waiting.Id}/cancel", UriKind.Relative), null);
        Assert.That((int)late.StatusCode, Is.EqualTo(409));
        var payments = await Http.GetFromJsonAsync<StripePayment[]>(new Uri("/_standin/payments", UriKind.Relative));
        Assert.That(payments!.Select(payment => (payment.Status, payment.AmountReceived, payment.AmountRefunded)), Is.EqualTo(
            [("succeeded", 900L, 300L), ("succeeded", 900L, 0L), ("succeeded", 5000L, 0L)]));
        Assert.That(StandIn.Console.EventTypes, Does.Contain("charge.dispute.closed"));
    }
}
