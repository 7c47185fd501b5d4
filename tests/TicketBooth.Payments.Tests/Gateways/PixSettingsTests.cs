using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.Host;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways.Pix;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
internal sealed class PixSettingsTests
{
    private PixProvider provider = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => provider = await PixProvider.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => provider.DisposeAsync();

    [Test]
    public async Task A_host_starts_with_all_settings_of_pix() => Assert.That(await FailuresAsync(), Is.Empty);

    [TestCase("ApiBase", null, "is missing")]
    [TestCase("ApiBase", "http://provider.example/", "must be an https address")]
    [TestCase("ApiBase", "provider", "must be an https address")]
    [TestCase("TokenUrl", null, "is missing")]
    [TestCase("ClientId", null, "is missing")]
    [TestCase("ClientSecret", null, "is missing")]
    [TestCase("ClientSecret", "another", "the provider refuses this secret")]
    [TestCase("Certificate", null, "is missing")]
    [TestCase("Certificate", "/nowhere/client.pfx", "the certificate cannot be read")]
    [TestCase("TrustedAuthority", "/nowhere/authority.pem", "the file cannot be read")]
    [TestCase("Key", null, "is missing")]
    [TestCase("Key", "Bilheteria", "must be a key of Pix")]
    [TestCase("WebhookUrl", null, "is missing")]
    [TestCase("WebhookUrl", "https://tickets.example/?a=b", "must be an https address")]
    [TestCase("WebhookSecret", null, "is missing")]
    [TestCase("WebhookSecret", "short", "must have at least 32")]
    [TestCase("WebhookSecret", "0123456789012345678901234567890/", "must have at least 32")]
    [TestCase("TimeoutSeconds", "0", "")]
    public async Task A_host_does_not_start_with(string setting, string? value, string failure) =>
        Assert.That(await FailuresAsync((setting, value)), Does.StartWith($"Payments:Pix:{setting}: {failure}").And.Not.Contain(PixProvider.Secret));

    [Test]
    public async Task A_host_does_not_start_with_a_wrong_password_of_the_certificate_and_does_not_show_it() =>
        Assert.That(await FailuresAsync(("CertificatePassword", "guessed-wrong")), Does.StartWith("Payments:Pix:Certificate: ").And.Not.Contain("guessed-wrong"));

    [Test]
    public async Task A_host_does_not_start_with_a_certificate_that_has_expired()
    {
        var path = Path.Combine(provider.StandIn.Certificates.Folder, "old.pfx");
        using var old = provider.StandIn.Certificates.IssueClient(provider.StandIn.Options.ClientId, expired: true);
        await File.WriteAllBytesAsync(path, old.Export(X509ContentType.Pkcs12, "old"));

        Assert.That(await FailuresAsync(("Certificate", path), ("CertificatePassword", "old")), Does.StartWith("Payments:Pix:Certificate: the certificate expired at "));
    }

    [TestCase(29, true)]
    [TestCase(40, false)]
    public async Task A_certificate_that_ends_soon_is_told_in_the_log_and_to_staff(int days, bool isTold)
    {
        var path = Path.Combine(provider.StandIn.Certificates.Folder, $"{days}.pfx");
        using var certificate = provider.StandIn.Certificates.IssueClient(provider.StandIn.Options.ClientId, days: days);
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12, "soon"));
        using var log = new CapturedLog();
        await using var payments = await PaymentsHost.StartAsync(
            settings: [("Payments:Gateways", "Pix"), .. provider.Settings(("Certificate", path), ("CertificatePassword", "soon"))], services: log.AddTo);

        var worker = payments.All<IHostedService>().OfType<WatchPixCertificateWorker>().Single();
        await worker.RunOnceAsync(CancellationToken.None);
        var told = await payments.SendAsync(new GetMoneyAttention());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                told.Value.Certificates,
                isTold ? Is.EqualTo(new[] { new ExpiringCertificate("Payments:Pix:Certificate", new DateTimeOffset(certificate.NotAfter.ToUniversalTime())) }) : Is.Empty);
            Assert.That(log.Lines.Any(line => line.Level == LogLevel.Warning && line.Text.Contains("Payments:Pix:Certificate expires at ", StringComparison.Ordinal)), Is.EqualTo(isTold));
            Assert.That(WatchPixCertificateWorker.Interval, Is.EqualTo(TimeSpan.FromDays(1)));
        }
    }

    [Test]
    public async Task A_host_without_pix_needs_none_of_its_settings() => Assert.That(
        await FailuresOfAsync(["--Payments:Gateways=Sandbox", $"--Payments:WebhookSecret={PaymentsHost.Secret}"]), Is.Empty);

    private Task<string> FailuresAsync(params (string Name, string? Value)[] changes) =>
        FailuresOfAsync(["--Payments:Gateways=Pix", .. provider.Settings(changes).Select(setting => $"--{setting.Key}={setting.Value}")]);

    private static async Task<string> FailuresOfAsync(string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        try
        {
            await using var app = TicketBoothHost.Build(
                ["--environment=Development", "--Modules=Payments", "--urls=http://127.0.0.1:0", $"--Storage:Path={folder}", .. settings],
                TestAuthentication.AddTo);
            await app.StartTicketBoothAsync();
            await app.StopAsync();
            return "";
        }
        catch (OptionsValidationException wrong)
        {
            return string.Join(Environment.NewLine, wrong.Failures);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
