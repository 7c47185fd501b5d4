using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.Host;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests;

[TestFixture]
public sealed class SettingsTests
{
    private const string Secret = "--Payments:WebhookSecret=" + PaymentsHost.Secret;
    private const string Sandbox = "--Payments:Gateways=Sandbox";

    private readonly CapturedLog log = new();

    [OneTimeTearDown]
    public void Close() => log.Dispose();

    [TestCase("Development", Sandbox, Secret)]
    [TestCase("Development", "--Payments:Gateways=", Secret)]
    [TestCase("Development", "--Payments:Gateways:0=Sandbox", Secret)]
    [TestCase("Staging", "--Payments:Gateways=", Secret)]
    public async Task Starts_with(string environment, params string[] settings) => Assert.That(await FailuresAsync(environment, settings), Is.Empty);

    [TestCase("Production", new[] { Sandbox, Secret }, "Payments:Gateways: Sandbox moves no money and is refused in Production. Supported: Sandbox, Stripe, Pix")]
    [TestCase("Production", new[] { "--Payments:Gateways=", Secret }, "Payments:Gateways: is missing")]
    [TestCase("Development", new[] { "--Payments:Gateways=Cash", Secret }, "Payments:Gateways: there is no gateway 'Cash'. Supported: Sandbox, Stripe, Pix")]
    [TestCase("Development", new[] { "--Payments:Gateways=Sandbox, Cash", Secret }, "Payments:Gateways: there is no gateway 'Cash'. Supported: Sandbox, Stripe, Pix")]
    [TestCase("Development", new[] { "--Payments:Gateway=Sandbox", Secret }, "Payments:Gateway: there is no such setting. Did you mean Payments:Gateways?")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=" }, "Payments:WebhookSecret: is missing")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=secret" }, "Payments:WebhookSecret: every secret starts with whsec_")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=whsec_not base64" }, "Payments:WebhookSecret: what follows whsec_ is not base64")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=whsec_c2hvcnQ=" }, "Payments:WebhookSecret: a secret has fewer than 16 bytes")]
    [TestCase("Development", new[] { Sandbox, Secret, "--Payments:Sandbox:LateSeconds=-1" }, "Payments:Sandbox:LateSeconds")]
    [TestCase("Development", new[] { Sandbox, Secret, "--Payments:Sandbox:PixSeconds=100000" }, "Payments:Sandbox:PixSeconds")]
    public async Task Does_not_start_with(string environment, string[] settings, string failure) =>
        Assert.That(await FailuresAsync(environment, settings), Does.StartWith(failure).And.Not.Contain("c2hvcnQ"));

    [Test]
    public async Task Does_not_start_with_a_key_that_its_gateway_refuses() => Assert.That(
        await FailuresAsync("Development", [Sandbox, Secret], new FakeGateway { Check = new GatewayCheck.Wrong("Payments:Stripe:ApiKey: is refused.") }), Is.EqualTo("Payments:Stripe:ApiKey: is refused."));

    [Test]
    public async Task A_start_that_a_gateway_refuses_has_stored_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"ticketbooth-test-{Guid.CreateVersion7():N}");

        var failures = await FailuresInAsync(folder, "Development", [Sandbox, Secret], new FakeGateway { Check = new GatewayCheck.Wrong("Payments:Stripe:ApiKey: is refused.") });

        Assert.That(failures, Is.Not.Empty);
        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public async Task Starts_without_a_gateway_that_does_not_answer_and_says_so()
    {
        var silent = new FakeGateway { Check = new GatewayCheck.Unreachable("Payments:Stripe: Stripe did not answer.") };

        Assert.That(await FailuresAsync("Development", [Sandbox, Secret], silent), Is.Empty);
        Assert.That(log.Lines, Has.One.Matches<(LogLevel Level, string Text)>(line =>
            line.Level == LogLevel.Error && line.Text.Contains("Payments:Stripe: Stripe did not answer.", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Does_not_start_with_two_gateways_for_one_method() => Assert.That(
        await FailuresAsync("Development", [Sandbox, Secret], new FakeGateway { Name = "One" }, new FakeGateway { Name = "Other" }),
        Is.EqualTo("Payments:Gateways: One and Other both take payments by Card; name one of them."));

    private async Task<string> FailuresAsync(string environment, string[] settings, params IPaymentGateway[] gateways)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        try
        {
            return await FailuresInAsync(folder, environment, settings, gateways);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<string> FailuresInAsync(string folder, string environment, string[] settings, params IPaymentGateway[] gateways)
    {
        try
        {
            await using var app = TicketBoothHost.Build(
                [$"--environment={environment}", "--Modules=Payments", "--urls=http://127.0.0.1:0", $"--Storage:Path={folder}", .. settings], builder =>
                {
                    TestAuthentication.AddTo(builder);
                    log.AddTo(builder.Services);
                    if (gateways.Length > 0)
                    {
                        builder.Services.RemoveAll<IPaymentGateway>();
                        Array.ForEach(gateways, gateway => builder.Services.AddSingleton(gateway));
                    }
                });
            await app.StartTicketBoothAsync();
            await app.StopAsync();
            return "";
        }
        catch (OptionsValidationException wrong)
        {
            return string.Join(Environment.NewLine, wrong.Failures);
        }
    }
}
