using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Pix;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways.Pix;
using TicketBooth.Payments.Tests.Gateways;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Webhooks;

[TestFixture]
internal sealed class PixWebhookTests : PixHostFixture
{
    [Test]
    public async Task Money_that_the_provider_tells_of_pays_the_order()
    {
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());

        var pix = StandIn.Payer.PayCode(code);

        var paid = await Payments.WaitForAsync(id, PaymentStatus.Paid);
        await StandIn.Callbacks.IdleAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((paid.Gateway, paid.ExternalId), Is.EqualTo(("Pix", id.ToString("N"))));
            Assert.That(Payments.Said<PaymentConfirmed>().Single().PaymentId, Is.EqualTo(id));
            Assert.That(StandIn.Callbacks.Deliveries.Single().Attempts.Select(attempt => attempt.Status), Is.EqualTo(new int?[] { 200 }));
            Assert.That(pix.Cents, Is.EqualTo(paid.Amount));
        }
    }

    [Test]
    public async Task Money_that_is_told_many_times_and_at_once_counts_once()
    {
        StandIn.Callbacks.Plan = new CallbackPlan(Copies: 5);
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());

        var pix = StandIn.Payer.PayCode(code);
        StandIn.Payer.TellAgain(pix.EndToEndId);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TellAsync(Body(pix.EndToEndId))));
        await StandIn.Callbacks.IdleAsync();

        Assert.That((await Payments.Store.FindAsync(id))!.Status, Is.EqualTo(PaymentStatus.Paid));
        Assert.That(Payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task No_collector_of_traces_learns_the_secret_of_the_address()
    {
        // Nobody listens there: what would be sent is looked at in this process.
        await using var traced = await PaymentsHost.StartAsync(
            settings: [("Payments:Gateways", "Pix"), .. Provider.Settings(), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]);
        var trace = ActivityTraceId.CreateRandom();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address()) { Content = new StringContent(Body(), Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        using var answer = await traced.Client.SendAsync(request);

        var told = await Eventually.Async(
            () => Task.FromResult(ended.Where(activity => activity.TraceId == trace).ToList()), spans => spans.Count == 1, "the request's span");
        Assert.That(told[0].GetTagItem("url.path"), Is.EqualTo("/api/v1/webhooks/pix/{secret}"));
        Assert.That(told[0].TagObjects.Select(tag => $"{tag.Value}"), Has.None.Contains(PixProvider.Secret));
    }

    [TestCase("")]
    [TestCase("/pix")]
    public async Task The_word_is_heard_at_both_addresses_and_with_what_else_is_in_it(string below)
    {
        StandIn.Callbacks.Plan = CallbackPlan.Never;
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());
        var pix = StandIn.Payer.PayCode(code);

        var status = await TellAsync($$"""{"new":{"a":[]},"pix":[{"endToEndId":"{{pix.EndToEndId}}","valor":"0.01"}]}""", below: below);

        Assert.That((status, (await Payments.Store.FindAsync(id))!.Status), Is.EqualTo((200, PaymentStatus.Paid)), "the amount is the API's");
    }

    [Test]
    public async Task A_word_that_the_api_does_not_confirm_changes_nothing()
    {
        var (id, _) = await PayAsync(Payments.Booking.NewOrder());

        var status = await TellAsync($$"""{"pix":[{"endToEndId":"E60746948202603012000aaaaaaaaaaa","txid":"{{id:N}}","valor":"125.00","horario":"2026-03-01T20:00:00Z"}]}""");

        Assert.That((status, (await Payments.Store.FindAsync(id))!.Status), Is.EqualTo((503, PaymentStatus.AwaitingConfirmation)));
        Assert.That(Payments.Said<PaymentConfirmed>(), Is.Empty);
    }

    [Test]
    public async Task Money_that_cannot_be_confirmed_now_is_told_again_until_it_is()
    {
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());
        StandIn.Faults.Add(new(PixFaultKind.Answer) { Method = "GET", Path = "/pix/", Times = 3 });

        StandIn.Payer.PayCode(code);

        await Payments.WaitForAsync(id, PaymentStatus.Paid);
        await StandIn.Callbacks.IdleAsync();
        Assert.That(StandIn.Callbacks.Deliveries.Single().Attempts.Select(attempt => attempt.Status), Is.EqualTo(new int?[] { 503, 200 }));
    }

    [Test]
    public async Task Of_several_the_confirmed_ones_are_recorded()
    {
        StandIn.Callbacks.Plan = CallbackPlan.Never;
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());
        var pix = StandIn.Payer.PayCode(code);

        var status = await TellAsync(Body("E60746948202603012000aaaaaaaaaaa", pix.EndToEndId));

        Assert.That((status, (await Payments.Store.FindAsync(id))!.Status), Is.EqualTo((503, PaymentStatus.Paid)));
    }

    [TestCase("0123456789abcdef0123456789abcdef")]
    [TestCase(PixProvider.Secret + "x")]
    [TestCase("S3cret-of-the-address-0123456789abcdef")]
    public async Task Another_secret_is_no_address(string secret)
    {
        using var answer = await PostAsync($"/api/v1/webhooks/pix/{secret}", Body());
        using var below = await PostAsync($"/api/v1/webhooks/pix/{secret}/pix", Body());

        Assert.That(((int)answer.StatusCode, (int)below.StatusCode), Is.EqualTo((404, 404)));
    }

    [TestCase("")]
    [TestCase("pix")]
    [TestCase("[]")]
    [TestCase("""{"pix":{}}""")]
    [TestCase("""{"pix":[{}]}""")]
    [TestCase("""{"pix":[null]}""")]
    [TestCase("""{"pix":[{"endToEndId":7}]}""")]
    [TestCase("""{"pix":[{"endToEndId":"../webhook"}]}""")]
    public async Task A_body_that_is_not_as_the_api_has_it_is_malformed(string body)
    {
        using var answer = await PostAsync(Address(), body);

        Assert.That(((int)answer.StatusCode, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]), Is.EqualTo((400, "malformed-json")));
    }

    [Test]
    public async Task A_providers_trial_is_answered_and_a_body_without_end_is_not_read()
    {
        Assert.That(await TellAsync("""{"evento":"teste_webhook","data_criacao":"2026-03-01T20:00:00Z"}"""), Is.EqualTo(200));
        Assert.That(await TellAsync($$"""{"pix":[],"rest":"{{new string('a', 300_000)}}"}"""), Is.EqualTo(413));
    }

    [Test]
    public async Task A_secret_that_is_being_changed_is_taken_beside_the_new_one()
    {
        const string New = "the-new-secret-of-the-address-0123456789";
        await using var host = await StartHostAsync(("WebhookSecret", $"{New} {PixProvider.Secret}"));

        foreach (var secret in new[] { New, PixProvider.Secret })
        {
            using var content = new StringContent(Body(), Encoding.UTF8, "application/json");
            using var answer = await host.Client.PostAsync($"/api/v1/webhooks/pix/{secret}", content);
            Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        }

        await Eventually.Async(() => Task.FromResult(RegisteredUrl), url => url == $"{PixProvider.WebhookUrl}/{New}", "the new address to be registered");
    }

    [Test]
    public async Task The_address_is_registered_once_by_all_hosts_together()
    {
        await using var other = await StartHostAsync();
        var worker = Payments.All<Microsoft.Extensions.Hosting.IHostedService>().OfType<RegisterPixWebhookWorker>().Single();

        StandIn.PutWebhook(Provider.Key, new Uri("https://elsewhere.example/hook"));
        await worker.RunOnceAsync(CancellationToken.None);
        var registered = StandIn.FindWebhook(Provider.Key)!;
        await worker.RunOnceAsync(CancellationToken.None);

        Assert.That(registered.Url, Is.EqualTo($"{PixProvider.WebhookUrl}/{PixProvider.Secret}"));
        Assert.That(StandIn.FindWebhook(Provider.Key), Is.SameAs(registered), "not again");
    }

    [Test]
    public void A_registration_that_fails_names_the_setting()
    {
        var worker = Payments.All<Microsoft.Extensions.Hosting.IHostedService>().OfType<RegisterPixWebhookWorker>().Single();
        StandIn.PutWebhook(Provider.Key, new Uri("https://elsewhere.example/hook"));
        StandIn.Faults.Add(new(PixFaultKind.Answer) { Method = "PUT", Path = "/webhook/", Status = 500 });

        Assert.That(async () => await worker.RunOnceAsync(CancellationToken.None), Throws.InvalidOperationException.With.Message.StartsWith("Payments:Pix:WebhookUrl: "));
    }

    [Test]
    public async Task The_picture_is_that_of_the_providers_code()
    {
        var order = Payments.Booking.NewOrder();
        var (id, code) = await PayAsync(order);
        Payments.Booking.UnderWay[order.Id] = id;
        using var buyer = Payments.ClientOf(order.Buyer);

        var picture = await buyer.GetStringAsync($"/api/v1/orders/{order.Id}/payment/qr.svg");

        using var data = QRCoder.QRCodeGenerator.GenerateQrCode(code, QRCoder.QRCodeGenerator.ECCLevel.M);
        using var drawing = new QRCoder.SvgQRCode(data);
        Assert.That(picture, Is.EqualTo(drawing.GetGraphic(1, "#000000", "#ffffff", sizingMode: QRCoder.SvgQRCode.SizingMode.ViewBoxAttribute)));
    }

    [Test]
    public async Task A_payment_that_was_asked_for_when_the_host_died_is_found_and_charged_once()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        var order = Payments.Booking.NewOrder();
        Guid id;
        await using (var dies = await PaymentsHost.StartAsync(
            folder: folder, booking: Payments.Booking, settings: [("Payments:Gateways", "Pix"), .. Provider.Settings()]))
        {
            // The provider makes the charge and nobody hears of it.
            StandIn.Faults.Add(new(PixFaultKind.BreakAfterWork) { Method = "PUT", Path = "/cob/" });
            StandIn.Faults.Add(new(PixFaultKind.Answer) { Method = "GET", Path = "/cob/", Times = 3 });
            var (response, body) = await dies.PayAsync(order, """{"method":"pix"}""");
            response.Dispose();
            id = (Guid)body!["paymentId"]!;
        }

        StandIn.Callbacks.Plan = CallbackPlan.Never;
        var txid = id.ToString("N");
        StandIn.Payer.PayCode(StandIn.FindCharge(txid)!.Code);
        Payments.Booking.UnderWay[order.Id] = id;
        await using (var again = await PaymentsHost.StartAsync(folder: folder, booking: Payments.Booking, settings: [("Payments:Gateways", "Pix"), .. Provider.Settings()]))
        {
            var standing = await again.SendAsync(new SettlePayment(id));
            var (repeated, _) = await again.PayAsync(order, """{"method":"pix"}""");
            repeated.Dispose();

            using (Assert.EnterMultipleScope())
            {
                Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Confirmed));
                Assert.That(again.Said<PaymentConfirmed>().Single().PaymentId, Is.EqualTo(id));
                Assert.That(StandIn.Charges.Select(charge => charge.Txid), Is.EqualTo(new[] { txid }));
                Assert.That(StandIn.Received, Has.Count.EqualTo(1));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task A_failure_is_logged_with_the_address_and_without_its_secret()
    {
        var context = new DefaultHttpContext { RequestServices = Payments.Host.App.Services };
        context.Request.Path = Address("/pix");
        context.Features.Set<IExceptionHandlerFeature>(
            new ExceptionHandlerFeature { Error = new InvalidOperationException(), Path = Address("/pix"), RouteValues = new() { ["secret"] = PixProvider.Secret } });
        using var loggers = new LoggerFactory([Log]);

        await new ExceptionProblems(Payments.Get<IOutageDetector>(), loggers.CreateLogger<ExceptionProblems>())
            .TryHandleAsync(context, new InvalidOperationException("broken"), CancellationToken.None);

        var line = Log.Lines.Single(line => line.Text.Contains("broken", StringComparison.Ordinal)).Text;
        Assert.That(line, Does.Contain("/api/v1/webhooks/pix/{secret}/pix failed").And.Not.Contain(PixProvider.Secret));
    }

    [Test]
    public async Task Who_paid_is_neither_stored_nor_logged_and_neither_is_the_secret()
    {
        var payer = new PixPerson("52998224725", null, "Ana Conceição da Silva");
        var company = new PixPerson(null, "98765432000198", "Silva & Filhos");
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());
        StandIn.Faults.Add(new(PixFaultKind.Answer) { Method = "GET", Path = "/pix/", Times = 3, Status = 500 });

        var pix = StandIn.Payer.Pay(new(StandIn.Payer.Scan(code).Charge.Txid) { Payer = payer, Note = "de Ana, CPF 529.982.247-25" });
        await Payments.WaitForAsync(id, PaymentStatus.Paid);
        StandIn.Payer.Pay(new("nobodysCharge0000000000000001") { Cents = 500, Payer = company });
        StandIn.Bank.ReturnByMed(pix.EndToEndId, 100);
        await StandIn.Callbacks.IdleAsync();
        await Payments.SendAsync(new SettlePayment(id));
        using var broken = await PostAsync(Address(), """{"pix":[{"pagador":{"cpf":"52998224725","nome":"Ana Conceição da Silva"},"endToEndId":5298}]}""");
        await Payments.Host.App.StopAsync();

        string[] people = [payer.Cpf!, "529.982.247-25", payer.Name, "Conceição", company.Cnpj!, company.Name];
        string[] keys = [PixProvider.Secret, StandIn.Options.ClientSecret];
        var logged = string.Join('\n', Log.Lines.Select(line => line.Text));

        // The framework's own lines about requests have the path. They are off unless somebody asks for them, and so are scopes.
        var usual = Log.Lines.Where(line => line.Level >= LogLevel.Warning || line.Text.StartsWith("TicketBooth", StringComparison.Ordinal));
        var usualText = string.Join('\n', usual.Select(line => line.Text[..line.Text.LastIndexOf(" [", StringComparison.Ordinal)]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(usualText, Does.Contain("did not answer").Or.Contain("answered GET pix/"), "the log is looked into");
            Assert.That(people.Where(person => logged.Contains(person, StringComparison.Ordinal)), Is.Empty);
            Assert.That(keys.Where(key => usualText.Contains(key, StringComparison.Ordinal)), Is.Empty);
            foreach (var secret in people.Concat(keys))
            {
                // The lock of the running host is empty and cannot be opened.
                foreach (var file in Directory.EnumerateFiles(Payments.Host.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
                {
                    Assert.That(await BytesOfAsync(file), Does.Not.Contain(secret), file);
                }
            }
        }
    }

    /// <summary>Every byte as a sign of its own, with those of UTF-8 put together: a file of any kind as text that can be searched.</summary>
    private static async Task<string> BytesOfAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
