using Microsoft.Extensions.Options;
using TicketBooth.Host;

namespace TicketBooth.Payments.Tests;

[TestFixture]
public sealed class SettingsTests
{
    private const string Secret = "--Payments:WebhookSecret=" + PaymentsHost.Secret;
    private const string Sandbox = "--Payments:Gateway=Sandbox";

    [TestCase("Development", Sandbox, Secret)]
    [TestCase("Development", "--Payments:Gateway=", Secret)]
    [TestCase("Staging", "--Payments:Gateway=", Secret)]
    public async Task Starts_with(string environment, params string[] settings) => Assert.That(await FailuresAsync(environment, settings), Is.Empty);

    [TestCase("Production", new[] { Sandbox, Secret }, "Payments:Gateway: Sandbox moves no money and is refused in Production. Supported: Sandbox")]
    [TestCase("Production", new[] { "--Payments:Gateway=", Secret }, "Payments:Gateway: is missing")]
    [TestCase("Development", new[] { "--Payments:Gateway=Cash", Secret }, "Payments:Gateway: there is no gateway 'Cash'. Supported: Sandbox")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=" }, "Payments:WebhookSecret: is missing")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=secret" }, "Payments:WebhookSecret: every secret starts with whsec_")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=whsec_not base64" }, "Payments:WebhookSecret: what follows whsec_ is not base64")]
    [TestCase("Development", new[] { Sandbox, "--Payments:WebhookSecret=whsec_c2hvcnQ=" }, "Payments:WebhookSecret: a secret has fewer than 16 bytes")]
    [TestCase("Development", new[] { Sandbox, Secret, "--Payments:Sandbox:LateSeconds=-1" }, "Payments:Sandbox:LateSeconds")]
    [TestCase("Development", new[] { Sandbox, Secret, "--Payments:Sandbox:PixSeconds=100000" }, "Payments:Sandbox:PixSeconds")]
    public async Task Does_not_start_with(string environment, string[] settings, string failure) =>
        Assert.That(await FailuresAsync(environment, settings), Does.StartWith(failure).And.Not.Contain("c2hvcnQ"));

    private static async Task<string> FailuresAsync(string environment, string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        try
        {
            await using var app = TicketBoothHost.Build(
                [$"--environment={environment}", "--Modules=Payments", "--urls=http://127.0.0.1:0", $"--Storage:Path={folder}", .. settings], TestAuthentication.AddTo);
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
