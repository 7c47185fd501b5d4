using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Counter;

/// <summary>What clerks see of the counter over HTTP: sales, voids, refunds, shifts. The audit passes after each test.</summary>
internal sealed class CounterEndpointTests
{
    private BookingHost host = null!;
    private EventForSale sale = null!;
    private Guid clerkId;
    private HttpClient clerk = null!;
    private HttpClient admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await BookingHost.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => host.DisposeAsync();

    [SetUp]
    public void SignIn()
    {
        sale = host.Events.Publish(10, 5);
        clerkId = host.NewId();
        clerk = host.User(clerkId, Roles.Clerk);
        admin = host.User(host.NewId(), Roles.Admin);
    }

    [TearDown]
    public async Task SignOutAsync()
    {
        clerk.Dispose();
        admin.Dispose();
        await using var scope = host.Get<IServiceScopeFactory>().CreateAsyncScope();
        var report = new InvariantReport();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        Assert.That(report.Violations, Is.Empty);
    }

    [Test]
    public async Task A_cash_sale_is_paid_at_once_and_tells_the_change()
    {
        var shift = await OpenAsync();

        var sold = await SellAsync(new { eventId = sale.Id, quantity = 2, method = "cash", amountTendered = 25_000, buyerName = " Bia ", email = "bia@example.com", language = "pt-BR" });

        Assert.That(sold.Outcome, Is.EqualTo("201"), sold.Text);
        Assert.That(sold.Headers.Location!.ToString(), Is.EqualTo($"/api/v1/orders/{sold.Id()}"));
        Assert.That(((string?)sold.Body!["status"], (long)sold.Body["total"]!, (string?)sold.Body["channel"], sold.Body["payment"]), Is.EqualTo(("paid", 20_000L, "counter", (object?)null)));
        var counter = sold.Body["counter"]!;
        Assert.That(
            ((string?)counter["method"], (long)counter["amountTendered"]!, (long)counter["change"]!, (string?)counter["buyerName"], (string?)counter["shiftId"]),
            Is.EqualTo(("cash", 25_000L, 5_000L, "Bia", shift.ToString())));
        var seen = await clerk.GetAnswerAsync($"/api/v1/orders/{sold.Id()}");
        Assert.That(seen.Text, Is.EqualTo(sold.Text));
        var told = host.StoreOf(sold.Id()).Written.Single(write => write.Change.After.Id == sold.Id()).Change.Events.Single();
        Assert.That(told, Is.InstanceOf<OrderPaid>());
        Assert.That((((OrderPaid)told).Channel, ((OrderPaid)told).PaymentId, ((OrderPaid)told).Revision), Is.EqualTo((SalesChannel.Counter, (Guid?)null, 1)));
        var sums = (await ShiftAsync(shift)).Body!["shift"]!["sums"]!;
        Assert.That(((long)sums["cashSales"]!, (int)sums["sales"]!), Is.EqualTo((20_000L, 1)));
    }

    [Test]
    public async Task Nothing_is_sold_for_money_without_an_open_shift_or_into_one_of_another_currency()
    {
        Assert.That((await CashAsync()).Outcome, Is.EqualTo("409 no-open-shift"));
        Assert.That((await SellAsync(new { eventId = sale.Id, quantity = 1, method = "card_terminal", reference = "T-1" })).Outcome, Is.EqualTo("409 no-open-shift"));
        await clerk.PostTextAsync("/api/v1/shifts", """{ "float": 0, "currency": "EUR" }""");
        Assert.That((await CashAsync()).Outcome, Is.EqualTo("422 shift-currency"));
        Assert.That(await TakenAsync(), Is.Zero);
    }

    [Test]
    public async Task A_repeated_sale_sells_once()
    {
        await OpenAsync();
        var body = new { eventId = sale.Id, quantity = 1, method = "cash" };

        var sales = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => SellAsync(body, key: "one"))));

        Assert.That(sales.Where(one => one.Outcome == "201").Select(one => one.Id()).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await SellAsync(body, key: "one")).Id(), Is.EqualTo(sales.First(one => one.Outcome == "201").Id()));
        Assert.That((await SellAsync(new { eventId = sale.Id, quantity = 2, method = "cash" }, key: "one")).Outcome, Is.EqualTo("422 idempotency-key-reused"));
        Assert.That(await TakenAsync(), Is.EqualTo(1));
    }

    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "card_terminal" }""", "reference")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "cash", "reference": "T-1" }""", "reference")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "card_terminal", "reference": "T-1", "amountTendered": 1 }""", "amountTendered")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "complimentary" }""", "reason")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "cash", "reason": "A friend." }""", "reason")]
    [TestCase("""{ "eventId": "$", "method": "cash" }""", "quantity")]
    [TestCase("""{ "eventId": "$", "quantity": 11, "method": "cash" }""", "quantity")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "cash", "language": "de" }""", "language")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "cash", "email": "nobody" }""", "email")]
    [TestCase("""{ "eventId": "$", "quantity": 1, "method": "cash", "email": "a b@example.com" }""", "email")]
    public async Task Refuses_what_is_not_a_sale(string body, string field)
    {
        var answer = await clerk.PostTextAsync("/api/v1/counter-sales", body.Replace("$", sale.Id.ToString(), StringComparison.Ordinal));

        Assert.That(answer.Outcome, Is.EqualTo("422 validation-failed"));
        Assert.That(answer.Body!["errors"]![field], Is.Not.Null, answer.Text);
    }

    [Test]
    public async Task Refuses_too_little_money_and_a_price_that_has_changed_and_takes_nothing()
    {
        await OpenAsync();
        var little = await SellAsync(new { eventId = sale.Id, quantity = 2, method = "cash", amountTendered = 19_999 });
        var changed = await SellAsync(new { eventId = sale.Id, quantity = 1, method = "cash", expectedTotal = 1 });

        Assert.That((little.Outcome, (long)little.Body!["total"]!), Is.EqualTo(("422 tendered-too-little", 20_000L)));
        Assert.That((changed.Outcome, (long)changed.Body!["total"]!), Is.EqualTo(("409 price-changed", 10_000L)));
        Assert.That(await TakenAsync(), Is.Zero);
        Assert.That((await CloseAsync(await OpenIdAsync(), 20_000)).Outcome, Is.EqualTo("200"), "nothing is under way");
    }

    [Test]
    public async Task Customers_do_not_sell()
    {
        using var buyer = host.Buyer();
        Assert.That((await buyer.PostTextAsync("/api/v1/counter-sales", "{}")).Status, Is.EqualTo(System.Net.HttpStatusCode.Forbidden));
        Assert.That((await buyer.PostTextAsync("/api/v1/shifts", """{ "float": 0 }""")).Status, Is.EqualTo(System.Net.HttpStatusCode.Forbidden));
        Assert.That((await clerk.PutAsync($"/api/v1/events/{sale.Id}/complimentary-allowance", Json(new { allowance = 1 }))).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Tickets_are_given_away_within_the_allowance_with_a_reason_and_without_a_shift()
    {
        var gift = new { eventId = sale.Id, tierId = sale.Tiers[1].Id, quantity = 2, method = "complimentary", reason = "For the press." };
        Assert.That((await SellAsync(gift)).Outcome, Is.EqualTo("409 complimentary-allowance"), "none while nobody said");
        Assert.That((await admin.PutAsync($"/api/v1/events/{sale.Id}/complimentary-allowance", Json(new { allowance = 3 }))).IsSuccessStatusCode, Is.True);

        var given = await SellAsync(gift);
        var refused = await SellAsync(gift);

        Assert.That((given.Outcome, (long)given.Body!["total"]!, (string?)given.Body["status"]), Is.EqualTo(("201", 0L, "paid")));
        Assert.That(given.Body["tickets"]!.AsArray().Select(ticket => (long)ticket!["price"]!), Is.All.Zero);
        Assert.That((refused.Outcome, (long)refused.Body!["left"]!), Is.EqualTo(("409 complimentary-allowance", 1L)));
        var allowance = await clerk.GetAnswerAsync($"/api/v1/events/{sale.Id}/complimentary-allowance");
        Assert.That(((int)allowance.Body!["allowance"]!, (int)allowance.Body["given"]!), Is.EqualTo((3, 2)));

        Assert.That((await VoidAsync(given.Id())).Outcome, Is.EqualTo("200"));
        Assert.That((await SellAsync(gift)).Outcome, Is.EqualTo("201"), "what came back may be given again");
        Assert.That((await admin.PutAsync($"/api/v1/events/{sale.Id}/complimentary-allowance", Json(new { allowance = 0 }))).IsSuccessStatusCode, Is.True, "what was given stays given");
    }

    [Test]
    public async Task A_void_frees_the_tickets_and_takes_the_money_out_of_the_shift()
    {
        var shift = await OpenAsync();
        var sold = (await CashAsync(quantity: 10)).Id();

        var voided = await VoidAsync(sold, key: "void");

        Assert.That(voided.Outcome, Is.EqualTo("200"), voided.Text);
        Assert.That(((string?)voided.Body!["status"], (long)voided.Body["returned"]!), Is.EqualTo(("refunded", 100_000L)));
        Assert.That((string?)voided.Body["refunds"]![0]!["status"], Is.EqualTo("settled"));
        Assert.That((await VoidAsync(sold, key: "void")).Text, Is.EqualTo(voided.Text));
        Assert.That((await VoidAsync(sold)).Outcome, Is.EqualTo("422 nothing-to-refund"));
        Assert.That(await TakenAsync(), Is.Zero);
        var seen = (await ShiftAsync(shift)).Body!;
        Assert.That(((long)seen["shift"]!["expected"]!, (int)seen["shift"]!["sums"]!["voids"]!), Is.EqualTo((20_000L, 1)));
        Assert.That(seen["entries"]!.AsArray().Select(line => ((string?)line!["kind"], (long)line["amount"]!)), Is.EqualTo(new[] { ("sale", 100_000L), ("void", -100_000L) }));
        var due = host.StoreOf(sold).Written.Where(write => write.Change.After.Id == sold).SelectMany(write => write.Change.Events).OfType<RefundDue>();
        Assert.That(due, Is.Empty, "no gateway is asked");
    }

    [Test]
    public async Task A_void_has_its_time_its_clerk_its_shift_and_a_reference_for_a_card()
    {
        var shift = await OpenAsync();
        var card = (await SellAsync(new { eventId = sale.Id, quantity = 1, method = "card_terminal", reference = "T-1" })).Id();
        using var other = host.User(host.NewId(), Roles.Clerk);

        Assert.That((await VoidAsync(card)).Outcome, Is.EqualTo("422 reference-needed"));
        Assert.That((await VoidAsync(card, by: other, reference: "R-1")).Outcome, Is.EqualTo("403 not-your-shift"));
        Assert.That((await VoidAsync(card, by: admin, reference: "R-1")).Outcome, Is.EqualTo("200"), "an administrator voids all");
        var sums = (await ShiftAsync(shift)).Body!["shift"]!;
        Assert.That(((long)sums["sums"]!["cardSales"]!, (long)sums["sums"]!["cardBack"]!, (long)sums["expected"]!), Is.EqualTo((10_000L, 10_000L, 20_000L)));

        var late = (await CashAsync()).Id();
        var closed = (await CashAsync()).Id();
        await CloseAsync(shift, 40_000);
        Assert.That((await VoidAsync(closed)).Outcome, Is.EqualTo("409 shift-closed"));
        host.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.That((await VoidAsync(late)).Outcome, Is.EqualTo("422 void-closed"));
        using var buyer = host.Buyer();
        var online = await buyer.OrderAsync(new { ticketIds = sale.TicketIds(9) });
        Assert.That((await VoidAsync(online.Id())).Outcome, Is.EqualTo("422 not-a-counter-sale"));
    }

    [Test]
    public async Task A_later_refund_or_cancellation_is_an_administrators_and_leaves_their_own_shift()
    {
        var shift = await OpenAsync();
        var (one, two) = ((await CashAsync(quantity: 2)).Id(), (await CashAsync()).Id());
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        var part = JsonSerializer.Serialize(new { amount = 5_000, reason = "Bad view." });

        Assert.That((await clerk.PostTextAsync($"/api/v1/orders/{one}/refunds", part)).Outcome, Is.EqualTo("422 administrator-needed"));
        Assert.That((await clerk.CancelAsync(one)).Outcome, Is.EqualTo("422 administrator-needed"));
        Assert.That((await admin.PostTextAsync($"/api/v1/orders/{one}/refunds", part)).Outcome, Is.EqualTo("409 no-open-shift"));
        Assert.That((await admin.CancelAsync(two)).Outcome, Is.EqualTo("409 no-open-shift"));
        var own = (await admin.PostTextAsync("/api/v1/shifts", """{ "float": 50000 }""")).Id();

        var refunded = await admin.PostTextAsync($"/api/v1/orders/{one}/refunds", part, key: "part");
        Assert.That((await admin.PostTextAsync($"/api/v1/orders/{one}/refunds", part, key: "part")).Text, Is.EqualTo(refunded.Text));
        var canceled = await admin.CancelAsync(two);

        Assert.That(((string?)refunded.Body!["status"], (long)refunded.Body["returned"]!), Is.EqualTo(("paid", 5_000L)), refunded.Text);
        Assert.That(((string?)canceled.Body!["status"], (string?)canceled.Body["refunds"]![0]!["status"]), Is.EqualTo(("refunded", "settled")));
        Assert.That((long)(await ShiftAsync(own, admin)).Body!["shift"]!["expected"]!, Is.EqualTo(35_000L));
        Assert.That((long)(await ShiftAsync(shift)).Body!["shift"]!["expected"]!, Is.EqualTo(50_000L));
        Assert.That((await admin.CancelAsync(two)).Outcome, Is.EqualTo("200"), "twice changes nothing");
        Assert.That((long)(await ShiftAsync(own, admin)).Body!["shift"]!["expected"]!, Is.EqualTo(35_000L));
    }

    [Test]
    public async Task Money_of_a_card_goes_back_with_the_reference_of_its_reversal_out_of_the_shift_of_whoever_reverses_it()
    {
        var shift = await OpenAsync();
        var card = new { eventId = sale.Id, quantity = 2, method = "card_terminal", reference = "T-1" };
        var (one, two) = ((await SellAsync(card)).Id(), (await SellAsync(card)).Id());
        await CloseAsync(shift, 20_000);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        var own = (await admin.PostTextAsync("/api/v1/shifts", """{ "float": 0 }""")).Id();

        var without = await admin.PostTextAsync($"/api/v1/orders/{one}/refunds", """{ "amount": 5000, "reason": "Bad view." }""");
        var canceled = await admin.CancelAsync(two);
        var part = await admin.PostTextAsync($"/api/v1/orders/{one}/refunds", """{ "amount": 5000, "reason": "Bad view.", "reference": " R-7 " }""");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var whole = await admin.PostTextAsync($"/api/v1/orders/{two}/refunds", """{ "reason": "Ill.", "reference": "R-8" }""");

        Assert.That((without.Outcome, canceled.Outcome), Is.EqualTo(("422 reference-needed", "422 reference-needed")));
        Assert.That((part.Outcome, (string?)whole.Body!["status"]), Is.EqualTo(("200", "refunded")), part.Text);
        var seen = (await ShiftAsync(own, admin)).Body!;
        Assert.That(
            seen["entries"]!.AsArray().Select(line => ((string?)line!["kind"], (string?)line["method"], (long)line["amount"]!, (string?)line["text"])),
            Is.EqualTo(new[] { ("refund", "card_terminal", -5_000L, "R-7: Bad view."), ("refund", "card_terminal", -20_000L, "R-8: Ill.") }));
        Assert.That(((long)seen["shift"]!["expected"]!, (long)seen["shift"]!["sums"]!["cardBack"]!), Is.EqualTo((0L, 25_000L)), "no cash left the drawer");
        Assert.That((await admin.PostTextAsync($"/api/v1/shifts/{own}/close", """{ "counted": 0 }""")).Outcome, Is.EqualTo("200"), "nothing of what was refused is under way");
    }

    [Test]
    public async Task What_a_canceled_event_owes_to_a_card_is_paid_back_with_a_reference()
    {
        await OpenAsync();
        var sold = (await SellAsync(new { eventId = sale.Id, quantity = 1, method = "card_terminal", reference = "T-1" })).Id();
        host.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await host.DeliverAsync(host.Encode(new EventCanceled(sale.Id, 2, host.Clock.GetUtcNow()), sale.Id));

        Assert.That((await PayBackAsync(sold, clerk)).Outcome, Is.EqualTo("422 reference-needed"));
        Assert.That((await clerk.PostTextAsync($"/api/v1/counter-sales/{sold}/pay-back", """{ "reference": "R-9" }""")).Outcome, Is.EqualTo("200"));
    }

    [Test]
    public async Task Tickets_are_released_without_money_and_without_a_shift()
    {
        var shift = await OpenAsync();
        var sold = await CashAsync(quantity: 2);
        await CloseAsync(shift, 40_000);
        var ticket = (string)sold.Body!["tickets"]![0]!["id"]!;

        var released = await clerk.PostTextAsync($"/api/v1/orders/{sold.Id()}/refunds", JsonSerializer.Serialize(new { ticketIds = new[] { ticket }, amount = 0, reason = "Moved." }));

        Assert.That((released.Outcome, await TakenAsync()), Is.EqualTo(("200", 1)), released.Text);
    }

    [Test]
    public async Task What_a_canceled_event_owes_waits_at_the_counter_until_it_is_paid_back()
    {
        await OpenAsync();
        var sold = (await CashAsync(quantity: 2)).Id();
        host.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await host.DeliverAsync(host.Encode(new EventCanceled(sale.Id, 2, host.Clock.GetUtcNow()), sale.Id));

        var order = await clerk.GetAnswerAsync($"/api/v1/orders/{sold}");
        Assert.That(((string?)order.Body!["status"], (long)order.Body["counter"]!["owed"]!, (string?)order.Body["refunds"]![0]!["status"]), Is.EqualTo(("refunded", 20_000L, "asked")));
        Assert.That(await OwedAsync(), Does.Contain(sold));
        var other = host.User(host.NewId(), Roles.Clerk);
        Assert.That((await PayBackAsync(sold, other)).Outcome, Is.EqualTo("409 no-open-shift"));
        await other.PostTextAsync("/api/v1/shifts", """{ "float": 30000 }""");

        var paid = await PayBackAsync(sold, other, key: "back");

        Assert.That((paid.Outcome, (long)paid.Body!["counter"]!["owed"]!, (string?)paid.Body["refunds"]![0]!["status"]), Is.EqualTo(("200", 0L, "settled")), paid.Text);
        Assert.That((await PayBackAsync(sold, other, key: "back")).Text, Is.EqualTo(paid.Text));
        Assert.That((await PayBackAsync(sold, other)).Outcome, Is.EqualTo("422 nothing-owed"));
        Assert.That(await OwedAsync(), Does.Not.Contain(sold));
        var open = (await other.GetAnswerAsync("/api/v1/shifts?open=true")).Body!["items"]!.AsArray().Single()!;
        Assert.That((long)open["expected"]!, Is.EqualTo(10_000L));
        other.Dispose();
    }

    [Test]
    public async Task A_shift_closes_with_a_count_and_takes_nothing_more()
    {
        var shift = await OpenAsync();
        Assert.That((await clerk.PostTextAsync("/api/v1/shifts", """{ "float": 1 }""")).Outcome, Is.EqualTo("409 shift-already-open"));
        await CashAsync(quantity: 3);
        var moved = await clerk.PostTextAsync($"/api/v1/shifts/{shift}/movements", """{ "amount": -30000, "reason": "Into the safe" }""", key: "drop");
        Assert.That((await clerk.PostTextAsync($"/api/v1/shifts/{shift}/movements", """{ "amount": -30000, "reason": "Into the safe" }""", key: "drop")).Text, Is.EqualTo(moved.Text));
        Assert.That((await clerk.PostTextAsync($"/api/v1/shifts/{shift}/movements", """{ "amount": 0, "reason": "Nothing" }""")).Outcome, Is.EqualTo("422 validation-failed"));
        using var other = host.User(host.NewId(), Roles.Clerk);
        Assert.That((await other.PostTextAsync($"/api/v1/shifts/{shift}/close", """{ "counted": 1 }""")).Outcome, Is.EqualTo("403 not-your-shift"));
        Assert.That((await ShiftAsync(shift, other)).Outcome, Is.EqualTo("404 shift-not-found"));

        var closed = await CloseAsync(shift, 19_900, note: "One coin short.");

        Assert.That(
            ((long)closed.Body!["expected"]!, (long)closed.Body["counted"]!, (long)closed.Body["difference"]!, (string?)closed.Body["note"]),
            Is.EqualTo((20_000L, 19_900L, -100L, "One coin short.")),
            closed.Text);
        Assert.That((await CloseAsync(shift, 1)).Outcome, Is.EqualTo("409 shift-closed"));
        Assert.That((await clerk.PostTextAsync($"/api/v1/shifts/{shift}/movements", """{ "amount": 1, "reason": "Late" }""")).Outcome, Is.EqualTo("409 shift-closed"));
        Assert.That((await CashAsync()).Outcome, Is.EqualTo("409 no-open-shift"));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var next = await OpenAsync();
        var page = (await clerk.GetAnswerAsync("/api/v1/shifts?limit=1")).Body!;
        Assert.That((string?)page["items"]![0]!["id"], Is.EqualTo(next.ToString()));
        var second = (await clerk.GetAnswerAsync($"/api/v1/shifts?limit=1&cursor={(string?)page["nextCursor"]}")).Body!;
        Assert.That(((string?)second["items"]![0]!["id"], second["nextCursor"]), Is.EqualTo((shift.ToString(), (object?)null)));
    }

    [Test]
    public async Task A_sale_and_a_close_at_once_agree_whichever_is_first()
    {
        for (var round = 0; round < 5; round++)
        {
            var shift = await OpenAsync();
            var sales = Enumerable.Range(0, 6).Select(_ => Task.Run(() => SellAsync(new { eventId = sale.Id, tierId = sale.Tiers[0].Id, quantity = 1, method = "cash" }))).ToList();
            Answer closed;
            do
            {
                closed = await CloseAsync(shift, 20_000);
            }
            while (closed.Code == "sales-under-way");

            var sold = (await Task.WhenAll(sales)).Where(one => one.Outcome == "201").ToList();
            Assert.That((long)closed.Body!["expected"]!, Is.EqualTo(20_000 + (10_000L * sold.Count)), "every sale of the shift is in it, and none came after it");
            Assert.That(sold.Select(one => (string?)one.Body!["counter"]!["shiftId"]), Is.All.EqualTo(shift.ToString()));
            sale = host.Events.Publish(10);
        }
    }

    [Test]
    public async Task A_sale_whose_write_fails_leaves_neither_order_nor_money_and_the_shift_closes_a_minute_later()
    {
        var shift = await OpenAsync();
        var store = host.StoreOf((await CashAsync()).Id());
        store.Failure = new IOException("This disk is gone.");
        var lost = await CashAsync();
        store.Failure = null;

        Assert.That((int)lost.Status, Is.GreaterThanOrEqualTo(500));
        Assert.That(await TakenAsync(), Is.EqualTo(1));
        var seen = (await ShiftAsync(shift)).Body!;
        Assert.That((seen["entries"]!.AsArray().Count, (int)seen["underWay"]!, (long)seen["shift"]!["expected"]!), Is.EqualTo((1, 1, 30_000L)));
        Assert.That((await CloseAsync(shift, 30_000)).Outcome, Is.EqualTo("409 sales-under-way"), "nobody knows yet that it was not written");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((long)(await CloseAsync(shift, 30_000)).Body!["difference"]!, Is.Zero);
    }

    [Test]
    public async Task What_costs_nothing_is_paid_at_once_also_without_a_clerk()
    {
        var free = host.Events.Publish(5);
        host.Events.Put(free with { Tiers = [free.Tiers[0] with { Price = 0 }] });
        using var buyer = host.Buyer();

        var order = await buyer.OrderAsync(new { eventId = free.Id, quantity = 2, expectedTotal = 0 }, key: "free");

        Assert.That(
            (order.Outcome, (string?)order.Body!["status"], (long)order.Body["total"]!, order.Body["payment"], (string?)order.Body["channel"]),
            Is.EqualTo(("201", "paid", 0L, (object?)null, "online")),
            order.Text);
        Assert.That((await buyer.OrderAsync(new { eventId = free.Id, quantity = 2, expectedTotal = 0 }, key: "free")).Text, Is.EqualTo(order.Text));
        Assert.That((await host.SendAsync(new BeginPayment(order.Id(), (await host.LoadAsync(order.Id())).BuyerId, host.NewId()))).Error!.Code, Is.EqualTo("order-already-paid"));
        var told = host.StoreOf(order.Id()).Written.Single(write => write.Change.After.Id == order.Id()).Change.Events.OfType<OrderPaid>().Single();
        Assert.That((told.PaymentId, told.Channel, told.Total), Is.EqualTo(((Guid?)null, SalesChannel.Online, 0L)));

        var canceled = await buyer.CancelAsync(order.Id());
        Assert.That((canceled.Outcome, (string?)canceled.Body!["status"], (string?)canceled.Body["refunds"]![0]!["status"]), Is.EqualTo(("200", "refunded", "settled")), canceled.Text);
        Assert.That((await buyer.OrderAsync(new { eventId = free.Id, quantity = 5 })).Outcome, Is.EqualTo("201"), "they are free again");
    }

    [Test]
    public async Task Limits_per_buyer_hold_for_what_costs_nothing()
    {
        await using var limited = await BookingHost.StartAsync(("Booking:MaxTicketsPerBuyer", "3"));
        var free = limited.Events.Publish(10);
        limited.Events.Put(free with { Tiers = [free.Tiers[0] with { Price = 0 }] });
        using var buyer = limited.Buyer();

        Assert.That((await buyer.OrderAsync(new { eventId = free.Id, quantity = 3 })).Outcome, Is.EqualTo("201"));
        Assert.That((await buyer.OrderAsync(new { eventId = free.Id, quantity = 1 })).Outcome, Is.EqualTo("422 ticket-limit"));
        using var seller = limited.User(limited.NewId(), Roles.Clerk);
        await seller.PostTextAsync("/api/v1/shifts", """{ "float": 0 }""");
        Assert.That((await seller.PostTextAsync("/api/v1/counter-sales", JsonSerializer.Serialize(new { eventId = free.Id, quantity = 5, method = "cash" }))).Outcome, Is.EqualTo("201"), "a clerk sells to many");
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private async Task<Guid> OpenAsync() => (await clerk.PostTextAsync("/api/v1/shifts", """{ "float": 20000 }""")).Id();

    private async Task<Guid> OpenIdAsync() => Guid.Parse((string)(await clerk.GetAnswerAsync("/api/v1/shifts?open=true")).Body!["items"]![0]!["id"]!);

    private Task<Answer> SellAsync(object body, string? key = null) => clerk.PostTextAsync("/api/v1/counter-sales", JsonSerializer.Serialize(body), key);

    private Task<Answer> CashAsync(int quantity = 1) => SellAsync(new { eventId = sale.Id, quantity, method = "cash" });

    private Task<Answer> VoidAsync(Guid order, string? key = null, HttpClient? by = null, string? reference = null) =>
        (by ?? clerk).PostTextAsync($"/api/v1/counter-sales/{order}/void", JsonSerializer.Serialize(new { reason = "Wrong day.", reference }), key);

    private static Task<Answer> PayBackAsync(Guid order, HttpClient by, string? key = null) => by.PostTextAsync($"/api/v1/counter-sales/{order}/pay-back", "{}", key);

    private Task<Answer> CloseAsync(Guid shift, long counted, string? note = null) =>
        clerk.PostTextAsync($"/api/v1/shifts/{shift}/close", JsonSerializer.Serialize(new { counted, note }));

    private Task<Answer> ShiftAsync(Guid shift, HttpClient? by = null) => (by ?? clerk).GetAnswerAsync($"/api/v1/shifts/{shift}");

    private async Task<IEnumerable<Guid>> OwedAsync() =>
        (await clerk.GetAnswerAsync("/api/v1/counter-sales/owed?limit=200")).Body!["items"]!.AsArray().Select(order => Guid.Parse((string)order!["id"]!));

    private async Task<int> TakenAsync()
    {
        var shown = await host.Get<OnSaleCatalog>().FindAsync(sale.Id, CancellationToken.None);
        var shard = await host.Get<ShardRegistry>().OfAsync(shown.Value.Shard);
        return (await shard.Store.TakenNumbersAsync(sale.Id)).Count;
    }
}
