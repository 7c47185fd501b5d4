using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.Host;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Gateways.Stripe;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
internal sealed class StripeSettingsTests
{
    private static StripeOptions Right => new()
    {
        SecretKey = "sk_test_51Abc",
        WebhookSecret = "whsec_abc",
        ReturnUrl = "https://tickets.example/orders/{orderId}",
        StatementDescriptorSuffix = "TICKETS",
    };

    [TestCase("SecretKey", null)]
    [TestCase("SecretKey", "pk_test_51Abc")]
    [TestCase("SecretKey", "sk_test_51Abc ")]
    [TestCase("SecretKey", "sk_live_51Abc", Description = "outside Production")]
    [TestCase("WebhookSecret", null)]
    [TestCase("WebhookSecret", "abc")]
    [TestCase("WebhookSecret", "whsec_abc, whsec_")]
    [TestCase("ReturnUrl", null)]
    [TestCase("ReturnUrl", "/orders/{orderId}")]
    [TestCase("ReturnUrl", "tickets:{orderId}")]
    [TestCase("StatementDescriptorSuffix", "")]
    [TestCase("StatementDescriptorSuffix", "12345", Description = "no letter")]
    [TestCase("StatementDescriptorSuffix", "A*B")]
    [TestCase("StatementDescriptorSuffix", "A\"B")]
    [TestCase("StatementDescriptorSuffix", "A'B")]
    [TestCase("StatementDescriptorSuffix", "A<B")]
    [TestCase("StatementDescriptorSuffix", "A>B")]
    [TestCase("StatementDescriptorSuffix", "A\\B")]
    [TestCase("StatementDescriptorSuffix", "CASSINO SÃO JOÃO")]
    [TestCase("StatementDescriptorSuffix", "ABCDEFGHIJKLMNOPQRSTU")]
    [TestCase("ApiBase", "ftp://127.0.0.1/")]
    [TestCase("Currencies", "brl")]
    [TestCase("Currencies", "BRL, XYZ")]
    public void Does_not_start_with(string setting, string? value)
    {
        var options = Changed(setting, value);

        var failures = FailuresOf(options, Environments.Development);

        Assert.That(failures, Has.Count.EqualTo(1));
        Assert.That(failures[0], Does.StartWith($"Payments:Stripe:{setting}: ").And.Not.Contain("51Abc"));
    }

    [TestCase("StatementDescriptorSuffix", null)]
    [TestCase("StatementDescriptorSuffix", "SHOWS & MORE: 2026!")]
    [TestCase("SecretKey", "rk_test_51Abc")]
    [TestCase("WebhookSecret", "whsec_abc  whsec_def")]
    [TestCase("ReturnUrl", "http://localhost:5000/orders/{orderId}")]
    [TestCase("ApiBase", "http://127.0.0.1:12111/")]
    [TestCase("Currencies", "BRL, KWD")]
    public void Starts_with(string setting, string? value) => Assert.That(FailuresOf(Changed(setting, value), Environments.Development), Is.Empty);

    [Test]
    public void Production_takes_a_live_key_and_sends_it_to_nobody_but_Stripe()
    {
        var live = Right;
        live.SecretKey = "rk_live_51Abc";
        var (open, elsewhere) = (Copy(live), Copy(live));
        open.ReturnUrl = "http://tickets.example/";
        elsewhere.ApiBase = new Uri("https://stripe.example/");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(FailuresOf(live, Environments.Production), Is.Empty);
            Assert.That(FailuresOf(open, Environments.Production), Has.One.StartsWith("Payments:Stripe:ReturnUrl: must be an https address"));
            Assert.That(FailuresOf(elsewhere, Environments.Production), Has.One.StartsWith("Payments:Stripe:ApiBase: "));
        }
    }

    [TestCase("Production", 1)]
    [TestCase("Staging", 0)]
    public async Task A_test_key_in_Production_is_said_once_and_loudly(string environment, int times)
    {
        await using var account = await StripeAccount.StartAsync();
        using var log = new CapturedLog();
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        await using (var app = TicketBoothHost.Build(
            [
                $"--environment={environment}", "--Modules=Payments", "--urls=http://127.0.0.1:0", $"--Storage:Path={folder}", "--Payments:Gateways=Stripe",
                .. account.Settings().Select(setting => $"--{setting.Key}={setting.Value}"),
            ],
            builder =>
            {
                TestAuthentication.AddTo(builder);
                log.AddTo(builder.Services);
            }))
        {
            await app.StartTicketBoothAsync();
            await app.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
        Assert.That(log.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains("is a test key", StringComparison.Ordinal)), Is.EqualTo(times));
    }

    [Test]
    public async Task A_setting_without_a_value_is_as_absent()
    {
        await using var account = await StripeAccount.StartAsync();
        await using var payments = await PaymentsHost.StartAsync(
            settings:
            [
                ("Payments:Gateways", "Stripe"),
                .. account.Settings(("StatementDescriptorSuffix", ""), ("Currencies", ""), ("TimeoutSeconds", "")),
                ("Payments:RefundTries", ""), ("Payments:Sandbox:PixKey", ""), ("Payments:Sandbox:PixSeconds", ""), ("Payments:Pix:Key", ""), ("Payments:Pix:ApiBase", ""),
            ]);

        var (stripe, sandbox) = (payments.Get<IOptions<StripeOptions>>().Value, payments.Get<IOptions<SandboxOptions>>().Value);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((stripe.StatementDescriptorSuffix, stripe.Currencies, stripe.TimeoutSeconds), Is.EqualTo(((string?)null, (string?)null, 20d)));
            Assert.That((sandbox.PixKey, sandbox.PixSeconds), Is.EqualTo(("pix@ticketbooth.example", 2d)));
            Assert.That(payments.Get<IOptions<PaymentsOptions>>().Value.RefundTries, Is.EqualTo(8));
        }
    }

    private static IReadOnlyList<string> FailuresOf(StripeOptions options, string environment) =>
        [.. new StripeSettings(new Named(environment)).Validate(null, options).Failures ?? []];

    private static StripeOptions Changed(string setting, string? value)
    {
        var options = Right;
        switch (setting)
        {
            case "SecretKey":
                options.SecretKey = value;
                break;
            case "WebhookSecret":
                options.WebhookSecret = value;
                break;
            case "ReturnUrl":
                options.ReturnUrl = value;
                break;
            case "StatementDescriptorSuffix":
                options.StatementDescriptorSuffix = value;
                break;
            case "ApiBase":
                options.ApiBase = new Uri(value!);
                break;
            default:
                options.Currencies = value;
                break;
        }

        return options;
    }

    private static StripeOptions Copy(StripeOptions options) =>
        new() { SecretKey = options.SecretKey, WebhookSecret = options.WebhookSecret, ReturnUrl = options.ReturnUrl, ApiBase = options.ApiBase };

    private sealed class Named(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Tests";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
