using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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

    [TestCase("sk_test_51Abc", "Production", true)]
    [TestCase("sk_live_51Abc", "Production", false)]
    [TestCase("sk_test_51Abc", "Staging", false)]
    public void A_test_key_in_Production_is_said_loudly(string key, string environment, bool warns)
    {
        using var log = new CapturedLog();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        var options = Right;
        options.SecretKey = key;

        new StripeSettings(new Named(environment), logs.CreateLogger<StripeSettings>()).Validate(null, options);

        Assert.That(log.Lines.Any(line => line.Level == LogLevel.Warning), Is.EqualTo(warns));
    }

    private static IReadOnlyList<string> FailuresOf(StripeOptions options, string environment) =>
        [.. new StripeSettings(new Named(environment), NullLogger<StripeSettings>.Instance).Validate(null, options).Failures ?? []];

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
