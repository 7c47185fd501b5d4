using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Paying;

[TestFixture]
internal sealed class PayOrderTests
{
    private const string Approve = """{"method":"card","token":"tok_approve"}""";

    private FakeGateway gateway = null!;
    private CapturedLog log = null!;
    private PaymentsHost payments = null!;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        log = new CapturedLog();
        payments = await PaymentsHost.StartAsync(services: services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway));
            log.AddTo(services);
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await payments.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task Takes_up_a_payment_by_card_and_answers_202_before_its_outcome()
    {
        var order = payments.Booking.NewOrder(total: 30_000);

        var (response, body) = await payments.PayAsync(order, Approve);

        using var _ = response;
        var id = (Guid)body!["paymentId"]!;
        var kept = await payments.Store.FindAsync(id);
        var charge = gateway.Charges.Single();
        var begun = payments.Booking.Begun.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(202));
            Assert.That(response.Headers.Location?.ToString(), Is.EqualTo($"/api/v1/orders/{order.Id}"));
            Assert.That((string?)body["status"], Is.EqualTo("awaiting_confirmation"));
            Assert.That(body["pix"], Is.Null);
            Assert.That(id.Version, Is.EqualTo(7));
            Assert.That((begun.OrderId, begun.BuyerId, begun.PaymentId), Is.EqualTo((order.Id, order.Buyer, id)));
            Assert.That(kept, Is.EqualTo(new Payment(id, order.Id, PaymentMethod.Card, 30_000, "BRL", kept!.HoldExpiresAt, kept.CreatedAt) { BuyerId = order.Buyer }));
            Assert.That(charge, Is.EqualTo(new Charge(id, order.Id, 30_000, "BRL", PaymentMethod.Card, "tok_approve", kept.HoldExpiresAt) { CreatedAt = kept.CreatedAt }));
            Assert.That(payments.Said<PaymentStarted>(), Is.EqualTo(new[] { new PaymentStarted(id, order.Id, PaymentMethod.Card, 30_000, "BRL", kept.CreatedAt) }));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Keeps_the_payment_before_it_calls_the_gateway()
    {
        Payment? kept = null;
        gateway.OnCreate = async charge =>
        {
            kept = await payments.Store.FindAsync(charge.PaymentId);
            return new ChargeAnswer.Taken("ext-1", null);
        };

        await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");

        Assert.That(kept?.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
    }

    [Test]
    public async Task Gives_the_code_to_pay_by_pix()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", "000201..."));

        var (response, body) = await payments.PayAsync(payments.Booking.NewOrder(), """{"method":"pix"}""");

        using var _ = response;
        Assert.That((string?)body?["pix"]?["code"], Is.EqualTo("000201..."));
    }

    [Test]
    public async Task Passes_on_what_Booking_refuses_and_keeps_nothing()
    {
        payments.Booking.Refusal = Error.Conflict("payment-in-progress", "Wait for the first one.");

        var (response, body) = await payments.PayAsync(payments.Booking.NewOrder(), Approve);

        using var _ = response;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(409));
            Assert.That((string?)body?["code"], Is.EqualTo("payment-in-progress"));
            Assert.That(gateway.Charges, Is.Empty);
            Assert.That((await payments.SendAsync(new ListPaymentFacts(null, 10))).Value, Is.Empty);
        }
    }

    [Test]
    public async Task Is_for_the_orders_owner_only()
    {
        var order = payments.Booking.NewOrder();

        var (nobody, nobodySays) = await PaymentsHost.PostAsync(payments.Client, $"/api/v1/orders/{order.Id}/payment", Approve);
        using var stranger = payments.ClientOf(Guid.CreateVersion7());
        var (other, otherSays) = await PaymentsHost.PostAsync(stranger, $"/api/v1/orders/{order.Id}/payment", Approve);

        using var _ = nobody;
        using var __ = other;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)nobody.StatusCode, (string?)nobodySays?["code"]), Is.EqualTo((401, "unauthenticated")));
            Assert.That(((int)other.StatusCode, (string?)otherSays?["code"]), Is.EqualTo((404, "order-not-found")));
        }
    }

    [Test]
    public async Task A_gateway_that_did_not_take_it_lets_the_buyer_try_again()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.NotTaken());
        var order = payments.Booking.NewOrder();

        var (response, body) = await payments.PayAsync(order, Approve);

        using var _ = response;
        var declined = payments.Said<PaymentDeclined>().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)body?["code"]), Is.EqualTo((503, "gateway-unavailable")));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That((declined.OrderId, declined.Reason), Is.EqualTo((order.Id, "gateway-unavailable")));
            Assert.That((await payments.Store.FindAsync(declined.PaymentId))?.Status, Is.EqualTo(PaymentStatus.Declined));
        }
    }

    [Test]
    public async Task A_token_that_the_gateway_does_not_know_is_the_buyers_mistake()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Refused(PaymentsErrors.UnknownToken));

        var (response, body) = await payments.PayAsync(payments.Booking.NewOrder(), Approve);

        using var _ = response;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)body?["code"]), Is.EqualTo((422, "unknown-token")));
            Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("unknown-token"));
        }
    }

    [Test]
    public async Task An_unknown_outcome_stays_open_for_the_webhook()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Uncertain());

        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");
        var open = await payments.Store.FindAsync(id);
        var webhook = await payments.WebhookAsync(open!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((open!.Status, open.ExternalId), Is.EqualTo((PaymentStatus.AwaitingConfirmation, (string?)null)));
            Assert.That(webhook.Status, Is.EqualTo(204));
            Assert.That(payments.Said<PaymentConfirmed>().Single().PaymentId, Is.EqualTo(id));
        }
    }

    [Test]
    public async Task A_webhook_that_is_faster_than_the_gateways_answer_changes_nothing_about_the_answer()
    {
        gateway.OnCreate = async charge =>
        {
            await payments.WebhookAsync((await payments.Store.FindAsync(charge.PaymentId))!, externalId: "ext-1");
            return new ChargeAnswer.Taken("ext-1", null);
        };

        var (response, body) = await payments.PayAsync(payments.Booking.NewOrder(), Approve);

        using var _ = response;
        var kept = await payments.Store.FindAsync((Guid)body!["paymentId"]!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)body["status"]), Is.EqualTo((202, "awaiting_confirmation")));
            Assert.That((kept!.Status, kept.ExternalId), Is.EqualTo((PaymentStatus.Paid, "ext-1")));
        }
    }

    [Test]
    public async Task A_crash_at_the_gateway_leaves_an_open_payment_that_SettlePayment_closes()
    {
        gateway.OnCreate = _ => throw new InvalidOperationException("as good as a crash");
        var order = payments.Booking.NewOrder();

        var (response, body) = await payments.PayAsync(order, Approve);

        using var _ = response;
        var id = payments.Booking.Begun.Single().PaymentId;
        var open = await payments.Store.FindAsync(id);
        var standing = await payments.SendAsync(new SettlePayment(id));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)body?["code"]), Is.EqualTo((500, "internal-error")));
            Assert.That(open?.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Unknown));
            Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("abandoned"));
        }
    }

    [Test]
    public async Task Goes_to_its_end_when_the_caller_hangs_up()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<ChargeAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.OnCreate = _ =>
        {
            called.SetResult();
            return answer.Task;
        };
        var order = payments.Booking.NewOrder();
        using var hangUp = new CancellationTokenSource();
        using var client = payments.ClientOf(order.Buyer);
        using var body = new StringContent(Approve, new MediaTypeHeaderValue("application/json"));
        var paying = client.PostAsync($"/api/v1/orders/{order.Id}/payment", body, hangUp.Token);
        await called.Task;

        await hangUp.CancelAsync();
        Assert.That(async () => await paying, Throws.InstanceOf<OperationCanceledException>());
        answer.SetResult(new ChargeAnswer.Taken("ext-1", null));

        await payments.WaitForAsync(gateway.Charges.Single().PaymentId, payment => payment.ExternalId == "ext-1");
    }

    [TestCase("""{"method":"card"}""", 422, "validation-failed")]
    [TestCase("""{"method":"card","token":""}""", 422, "validation-failed")]
    [TestCase("""{"method":"card","token":null}""", 422, "validation-failed")]
    [TestCase("""{"method":"pix","token":"tok_approve"}""", 422, "validation-failed")]
    [TestCase("""{"method":"cash"}""", 400, "malformed-json")]
    [TestCase("""{"method":0}""", 400, "malformed-json")]
    [TestCase("""{"token":"tok_approve"}""", 400, "missing-field")]
    [TestCase("""{"method":"card","token":"tok_approve","cvv":"123"}""", 400, "unknown-field")]
    [TestCase("""{"method":"card","method":"pix"}""", 400, "malformed-json")]
    [TestCase("""{"method":"card","token":17}""", 400, "malformed-json")]
    [TestCase("null", 400, "malformed-json")]
    [TestCase("[]", 400, "malformed-json")]
    [TestCase("""{"method":""", 400, "malformed-json")]
    [TestCase("", 400, "malformed-json")]
    public async Task Refuses(string body, int status, string code)
    {
        var (response, problem) = await payments.PayAsync(payments.Booking.NewOrder(), body);

        using var _ = response;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)problem?["code"]), Is.EqualTo((status, code)));
            Assert.That(payments.Booking.Begun, Is.Empty);
        }
    }

    [Test]
    public async Task Refuses_a_body_that_is_too_large_or_not_JSON_at_all()
    {
        var order = payments.Booking.NewOrder();
        var path = $"/api/v1/orders/{order.Id}/payment";
        using var client = payments.ClientOf(order.Buyer);

        var (large, largeSays) = await PaymentsHost.PostAsync(client, path, $$"""{"method":"card","token":"{{new string('x', 9_000)}}"}""");
        var (form, formSays) = await PaymentsHost.PostAsync(client, path, "method=card", "application/x-www-form-urlencoded");

        using var _ = large;
        using var __ = form;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)large.StatusCode, (string?)largeSays?["code"]), Is.EqualTo((413, "body-too-large")));
            Assert.That(((int)form.StatusCode, (string?)formSays?["code"]), Is.EqualTo((415, "unsupported-media-type")));
        }
    }

    [TestCase("""{"method":"card","token":"4111111111111111"}""")]
    [TestCase("""{"method":"card","token":"4111 1111 1111 1111"}""")]
    [TestCase("""{"method":"card","token":"tok_approve","number":4111111111111111}""")]
    [TestCase("""{"4111111111111111":1}""")]
    [TestCase("""{"method":"card","token":"4111-1111-1111-1111""")]
    public async Task Never_accepts_keeps_or_logs_a_card_number(string body)
    {
        var (response, problem) = await payments.PayAsync(payments.Booking.NewOrder(), body);
        var direct = await payments.SendAsync(new PayOrder(Guid.CreateVersion7(), Guid.CreateVersion7(), PaymentMethod.Card, "4111111111111111"));
        await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");

        using var _ = response;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)problem?["code"]), Is.EqualTo((422, "card-number-refused")));
            Assert.That(problem!.ToJsonString(), Does.Not.Contain("1111"));
            Assert.That(direct.Error?.Code, Is.EqualTo("card-number-refused"));
            Assert.That(payments.Booking.Begun, Has.Count.EqualTo(1), "only the clean one went on");
            // Written means: the log and the files hold what the clean payment left, so the search below looks in the right place.
            Assert.That(log.Lines, Is.Not.Empty);
            Assert.That(log.Lines.Where(line => HoldsNumber(line.Text)), Is.Empty);
            Assert.That(await FilesHoldAsync(text => text.Contains("awaiting_confirmation", StringComparison.Ordinal)), Is.True);
            Assert.That(await FilesHoldAsync(HoldsNumber), Is.False);
        }
    }

    [Test]
    public async Task Logs_the_captured_levels_that_the_test_of_card_numbers_relies_on()
    {
        await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");

        Assert.That(log.Lines.Select(line => line.Level).Distinct(), Does.Contain(LogLevel.Debug));
    }

    private static bool HoldsNumber(string text) =>
        text.Contains("4111111111111111", StringComparison.Ordinal)
        || text.Contains("4111 1111 1111 1111", StringComparison.Ordinal)
        || text.Contains("4111-1111-1111-1111", StringComparison.Ordinal);

    private async Task<bool> FilesHoldAsync(Func<string, bool> isSo)
    {
        foreach (var file in Directory.EnumerateFiles(payments.Host.Folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            if (isSo(await reader.ReadToEndAsync()))
            {
                return true;
            }
        }

        return false;
    }
}
