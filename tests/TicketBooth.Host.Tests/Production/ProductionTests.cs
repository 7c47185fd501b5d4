using System.Net;
using System.Text.Json.Nodes;
using TicketBooth.Gateways.Pix;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Production;

/// <summary>A casino sells in Production: with cards and Pix, with everything that happens to money, and with an audit at the end of the day.</summary>
internal sealed class ProductionTests
{
    private const long Price = ProductionSite.Price;

    private ProductionSite site = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => site = await ProductionSite.StartAsync();

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (site is not null)
        {
            await site.DisposeAsync();
        }
    }

    [Test, Order(1)]
    public async Task A_card_pays_an_order()
    {
        var order = await site.PaidByCardAsync();

        Assert.That(order.AtStripe.Select(payment => (payment.Status, payment.Currency, payment.AmountReceived)), Is.EqualTo(new[] { ("succeeded", "brl", Price) }));
    }

    [Test, Order(1)]
    public async Task A_card_with_3D_Secure_pays_when_the_buyer_has_been_at_his_banks_page()
    {
        var order = await site.OrderAsync();
        var (status, answer) = await order.PayByCardAsync("pm_card_authenticationRequired");
        var meanwhile = await order.ShowAsync();

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var back = await browser.GetAsync(new Uri((string)answer["nextAction"]!["url"]! + "?outcome=succeed"));
        await order.WaitForAsync("paid");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((status, (string?)answer["nextAction"]!["type"]), Is.EqualTo((HttpStatusCode.Accepted, "redirect")));
            Assert.That((string?)meanwhile["status"], Is.EqualTo("on_payment"), "the order keeps its hold");
            Assert.That(back.Headers.Location!.GetLeftPart(UriPartial.Path), Is.EqualTo($"https://tickets.example/orders/{order.OrderId}"));
            Assert.That(order.Held, Is.EqualTo(Price));
        }
    }

    [Test, Order(1)]
    public async Task Pix_pays_an_order_by_a_code_that_any_bank_reads()
    {
        var order = await site.OrderAsync();
        var (_, answer) = await order.PayByPixAsync();
        var code = BrCode.Read((string)answer["pix"]!["code"]!);
        using var picture = await order.Buyer.Client.GetAsync((string)answer["pix"]!["qrUrl"]!);

        site.Pix.Payer.PayCode(await order.PixCodeAsync());
        await order.WaitForAsync("paid");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((code.Name, code.City), Is.EqualTo((site.Pix.Options.Receiver.Name, site.Pix.Options.Receiver.City)));
            Assert.That(site.Pix.FindCharge(order.Txid)!.Terms.Cents, Is.EqualTo(Price));
            Assert.That(code.Location, Is.EqualTo(site.Pix.FindCharge(order.Txid)!.Location));
            Assert.That(picture.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/svg+xml"));
            Assert.That(order.Held, Is.EqualTo(Price));
        }
    }

    [Test, Order(1)]
    public async Task A_part_goes_back_once_and_then_the_rest([Values] bool byPix)
    {
        var order = await PaidAsync(byPix);

        await order.RefundAsync(2_500, "part-" + order.OrderId);
        await order.RefundAsync(2_500, "part-" + order.OrderId);
        var partly = await order.WaitForRefundsAsync("settled");
        var held = order.Held;
        await order.RefundAsync();
        var whole = await order.WaitForRefundsAsync("settled", count: 2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(((string?)partly["status"], (long)partly["returned"]!, held), Is.EqualTo(("paid", 2_500L, Price - 2_500)));
            Assert.That(((string?)whole["status"], (long)whole["returned"]!, order.Held), Is.EqualTo(("refunded", Price, 0L)));
        }
    }

    [Test, Order(1)]
    public async Task A_card_that_is_charged_another_amount_gets_it_back_and_the_order_can_be_paid_again([Values(-1, 1)] long more)
    {
        var order = await site.OrderAsync();
        site.Stripe.Faults.ChangeAmountOfNextIntent(Price + more);
        await order.PayByCardAsync();

        await order.WaitForHeldAsync(0);
        await order.WaitForAsync(shown => (string?)shown["payment"]?["status"] == "declined", "the payment to be declined");
        await order.PayByCardAsync();
        await order.WaitForAsync("paid");

        Assert.That(order.AtStripe.Select(payment => (payment.AmountReceived, payment.AmountRefunded)), Is.EqualTo(new[] { (Price + more, Price + more), (Price, 0L) }));
    }

    [Test, Order(1)]
    public async Task Another_amount_by_Pix_goes_back_and_the_order_can_be_paid_again([Values(-1, 1)] long more)
    {
        var order = await site.OrderAsync();
        await order.PixCodeAsync();
        site.Pix.Payer.Pay(new PixPayment(order.Txid) { Cents = Price + more });

        await order.WaitForHeldAsync(0);
        await order.WaitForAsync(shown => (string?)shown["payment"]?["status"] == "declined", "the payment to be declined");
        site.Pix.Payer.PayCode(await order.PixCodeAsync());
        await order.WaitForAsync("paid");

        Assert.That(order.AtPix.Select(pix => pix.Cents), Is.EqualTo(new[] { Price + more, Price }));
        Assert.That(order.Held, Is.EqualTo(Price));
    }

    [Test, Order(1)]
    public async Task What_is_paid_twice_goes_back_once([Values] bool byPix)
    {
        var order = await PaidAsync(byPix);

        PayAgain(order, byPix);
        await order.WaitForHeldAsync(Price);

        var twice = await site.CaseAsync("paid_twice", one => (string?)one["orderId"] == order.OrderId && (long)one["returned"]! == Price);
        Assert.That((bool)twice["isOpen"]!, Is.False, "it is known and waits for nobody");
        Assert.That((string?)(await order.ShowAsync())["status"], Is.EqualTo("paid"));
    }

    [Test, Order(1)]
    public async Task Money_that_comes_after_the_order_was_refunded_goes_back([Values] bool byPix)
    {
        var order = await PaidAsync(byPix);
        await order.RefundAsync();
        await order.WaitForRefundsAsync("settled");

        PayAgain(order, byPix);

        await site.CaseAsync("paid_twice", one => (string?)one["orderId"] == order.OrderId && (long)one["returned"]! == Price);
        await order.WaitForHeldAsync(0);
    }

    [Test, Order(1)]
    public async Task The_open_payment_of_a_canceled_order_is_ended_at_its_gateway([Values] bool byPix)
    {
        var order = await site.OrderAsync();
        if (byPix)
        {
            await order.PixCodeAsync();
        }
        else
        {
            await order.PayByCardAsync("pm_card_authenticationRequired");
        }

        await order.CancelAsync();

        await Eventually.Async(
            () => Task.FromResult(byPix ? site.Pix.FindCharge(order.Txid)!.Status : order.AtStripe.Single().Status),
            status => status == (byPix ? CobStatus.RemovedByReceiver : "canceled"), "the payment to be ended");
        await order.WaitForAsync(shown => (string?)shown["payment"]?["status"] == "declined", "the order to know");
    }

    [Test, Order(1)]
    public async Task Money_that_comes_after_the_order_was_canceled_goes_back()
    {
        var order = await site.OrderAsync();
        await order.PixCodeAsync();
        await order.CancelAsync();

        var late = site.Pix.Payer.Pay(new PixPayment(order.Txid));

        await Eventually.Async(
            () => Task.FromResult(site.Pix.FindPix(late.EndToEndId)!), pix => pix.Returns is [{ Status: ReturnStatus.Done, Cents: Price }], "the money to go back");
        Assert.That((string?)(await order.ShowAsync())["status"], Is.EqualTo("canceled"));
    }

    [Test, Order(1)]
    public async Task Money_that_nobody_expects_waits_for_staff_who_keep_it_or_give_it_back()
    {
        var intentId = site.Stripe.Console.PayUnknown(777, "brl");
        site.Pix.Payer.Pay(new PixPayment("AnotherShopsCharge00000000001") { Cents = 1_234 });
        var byCard = await site.CaseAsync("unmatched", one => (string?)one["externalId"] == intentId);
        var byPix = await site.CaseAsync("unmatched", one => (long)one["amount"]! == 1_234);

        await site.DecideAsync(byCard, "refund");
        var kept = await site.DecideAsync(byPix, "accept", new JsonObject { ["note"] = "Deposit for the gala" });

        await Eventually.Async(
            () => Task.FromResult(site.Stripe.Console.Payments.Single(payment => payment.Id == intentId)), there => there.AmountRefunded == 777, "the money to go back");
        Assert.That(((bool)kept["isOpen"]!, (string?)kept["note"]), Is.EqualTo((false, "Deposit for the gala")));
    }

    [Test, Order(1)]
    public async Task What_somebody_gives_back_in_Stripes_console_is_booked_and_the_order_stays_paid()
    {
        var order = await site.PaidByCardAsync();

        site.Stripe.Console.Refund(order.AtStripe[0].Id, 2_500);
        await order.WaitForAsync(shown => (long)shown["returned"]! == 2_500, "the part to be booked");
        site.Stripe.Console.Refund(order.AtStripe[0].Id);
        var shown = await order.WaitForAsync(order => (long)order["returned"]! == Price, "the rest to be booked");

        Assert.That((string?)shown["status"], Is.EqualTo("paid"), "staff decide about the seats");
        await site.CaseAsync("returned_from_console", one => (string?)one["orderId"] == order.OrderId && (long)one["amount"]! == 2_500 && (bool)one["isOpen"]!);
    }

    [Test, Order(1)]
    public async Task A_dispute_is_shown_until_it_is_decided([Values] bool isWon)
    {
        var order = await site.PaidByCardAsync();

        var dispute = site.Stripe.Console.OpenDispute(order.AtStripe[0].Id);
        var opened = await site.CaseAsync("dispute", one => (string?)one["orderId"] == order.OrderId);
        site.Stripe.Console.CloseDispute(dispute, isWon);

        await site.CaseAsync("dispute", one => (string?)one["orderId"] == order.OrderId && (bool)one["isOpen"]! != isWon && (long)one["returned"]! == (isWon ? 0 : Price));
        Assert.That((bool)opened["isOpen"]!, Is.True);
    }

    [Test, Order(1)]
    public async Task What_a_bank_takes_back_by_MED_is_shown()
    {
        var order = await site.PaidByPixAsync();

        site.Pix.Bank.ReturnByMed(order.AtPix[0].EndToEndId, 500);

        var shown = await site.CaseAsync("dispute", one => (string?)one["orderId"] == order.OrderId);
        Assert.That(((bool)shown["isOpen"]!, (long)shown["amount"]!), Is.EqualTo((true, 500L)));
    }

    [Test, Order(1)]
    public async Task A_refund_that_Stripe_refuses_waits_for_staff_who_pay_it_back_by_hand()
    {
        var order = await site.PaidByCardAsync();
        site.Stripe.Faults.RefuseRefunds();
        await order.RefundAsync(2_500);
        var failed = await site.CaseAsync("refund_failed", one => (string?)one["orderId"] == order.OrderId);
        await order.WaitForRefundsAsync("failed");
        site.Stripe.Faults.Clear();

        await site.DecideAsync(failed, "paid-back", new JsonObject { ["reference"] = "TED 2026-11-29 000123" });

        await order.WaitForRefundsAsync("settled");
        Assert.That(order.Held, Is.EqualTo(Price), "Stripe gave nothing back");
    }

    [Test, Order(1)]
    public async Task A_refund_that_the_bank_refuses_waits_for_staff_who_try_it_again()
    {
        var order = await site.PaidByPixAsync();
        site.Pix.Bank.Returns = ReturnMode.Refuse;
        await order.RefundAsync(2_500);
        var failed = await site.CaseAsync("refund_failed", one => (string?)one["orderId"] == order.OrderId);
        site.Pix.Bank.Returns = ReturnMode.Settle;

        await site.DecideAsync(failed, "refund");

        await order.WaitForRefundsAsync("settled");
        Assert.That(order.Held, Is.EqualTo(Price - 2_500));
    }

    [Test, Order(1)]
    public async Task Webhooks_as_long_as_gateways_send_them_are_taken()
    {
        // Hundreds of Pix in one body, beyond what other requests may have.
        var pix = new JsonObject { ["pix"] = new JsonArray(), ["padding"] = new string('x', 200 * 1024) };
        var registered = site.Pix.FindWebhook(site.Pix.Options.Receiver.Keys[0])!.Url;
        using var client = site.Host.NewClient();

        using var taken = await client.PostAsync(new Uri(registered + "/pix"), new StringContent(pix.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.OK), await taken.Content.ReadAsStringAsync());
    }

    [Test, Order(2)]
    public async Task At_the_end_of_the_day_the_audit_passes()
    {
        var (exitCode, output) = await site.Host.AuditAsync();

        Assert.That(exitCode, Is.Zero, output);
    }

    [Test, Order(3)]
    public async Task At_the_end_of_the_day_both_gateways_say_what_is_on_record()
    {
        // From yesterday, in case midnight was meanwhile.
        var today = TimeProvider.System.GetUtcNow();

        var (exitCode, output) = await site.Host.RunAsync("reconcile", $"--from={today.AddDays(-1):yyyy-MM-dd}", $"--to={today:yyyy-MM-dd}");

        Assert.That(exitCode, Is.Zero, output);
    }

    private Task<Purchase> PaidAsync(bool byPix) => byPix ? site.PaidByPixAsync() : site.PaidByCardAsync();

    private void PayAgain(Purchase order, bool byPix)
    {
        if (byPix)
        {
            site.Pix.Payer.Pay(new PixPayment(order.Txid));
        }
        else
        {
            site.Stripe.Console.PayAgain(order.AtStripe[0].Id);
        }
    }
}
