using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What stands between the world and an installation: names, secrets, what is shown to whom.</summary>
public sealed partial class EdgeTests
{
    private static readonly string Docker = Path.Combine(SourceTree.Root, "docker");

    [Test]
    public async Task Nothing_in_compose_has_a_secret_that_everybody_knows()
    {
        var compose = await File.ReadAllTextAsync(Path.Combine(Docker, "compose.yaml"));

        var known = Variable().Matches(compose)
            .Where(variable => Secret().IsMatch(variable.Groups["name"].Value) && !variable.Groups["rest"].Value.StartsWith(":?", StringComparison.Ordinal))
            .Select(variable => variable.Value);
        Assert.That(known, Is.Empty, "without a value of its own it must not start");
        Assert.That(SecretsOf(compose), Is.EquivalentTo(new[] { "ADMIN_PASSWORD", "KEYS_PASSWORD", "MYSQL_PASSWORD", "REDIS_PASSWORD", "WEBHOOK_SECRET" }));
    }

    [Test]
    public async Task New_secrets_are_all_that_compose_asks_for_and_are_kept()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-docker-").FullName;
        try
        {
            File.Copy(Path.Combine(Docker, "new-secrets"), Path.Combine(folder, "new-secrets"));
            await RunAsync(folder);
            var written = await File.ReadAllTextAsync(Path.Combine(folder, ".env"));
            await RunAsync(folder);

            var values = written.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
            Assert.That(await File.ReadAllTextAsync(Path.Combine(folder, ".env")), Is.EqualTo(written), "a second run changes nothing");
            var wanted = SecretsOf(await File.ReadAllTextAsync(Path.Combine(Docker, "compose.yaml"))).ToList();
            Assert.That(values.Keys, Is.SupersetOf(wanted));
            Assert.That(wanted.Select(name => values[name]), Is.Unique.And.All.Length.GreaterThan(40));
            Assert.That(Convert.FromBase64String(values["WEBHOOK_SECRET"]["whsec_".Length..]), Has.Length.EqualTo(32));
            using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "tls", "server.crt"), Path.Combine(folder, "tls", "server.key"));
            Assert.That(certificate.MatchesHostname("shop.example"), Is.True);
            using var keys = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(folder, "keys", "keys.pfx"), values["KEYS_PASSWORD"]);
            Assert.That(keys.GetRSAPrivateKey(), Is.Not.Null, "what Accounts:Keys:Certificate wants");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task Only_allowed_hosts_are_answered()
    {
        await using var host = await TestHost.StartAsync(settings: [("AllowedHosts", "shop.example"), ("Modules", "Accounts")]);
        using var named = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        named.Headers.Host = "shop.example";
        using var answered = await host.Client.SendAsync(named);
        using var refused = await host.Client.GetAsync("/health/live");

        Assert.That((answered.StatusCode, refused.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.BadRequest)));
    }

    [TestCase("Production", null, false)]
    [TestCase("Production", "true", true)]
    [TestCase("Staging", null, true)]
    [TestCase("Staging", "false", false)]
    public async Task The_reference_is_there_outside_of_production_or_by_setting(string environment, string? setting, bool isThere)
    {
        string[] arguments = [$"--environment={environment}", .. setting is null ? Array.Empty<string>() : [$"--Web:ApiReference={setting}"]];
        await using var app = TicketBoothHost.Build(arguments);

        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText)
            .Where(route => route is not null && (route.StartsWith("/openapi", StringComparison.Ordinal) || route.StartsWith("/docs", StringComparison.Ordinal)));

        Assert.That(routes.Any(), Is.EqualTo(isThere));
    }

    private static IEnumerable<string> SecretsOf(string compose) =>
        Variable().Matches(compose).Where(variable => variable.Groups["rest"].Value.StartsWith(":?", StringComparison.Ordinal))
            .Select(variable => variable.Groups["name"].Value).Distinct(StringComparer.Ordinal);

    private static async Task RunAsync(string folder)
    {
        using var run = Process.Start(new ProcessStartInfo(Path.Combine(folder, "new-secrets"), ["shop.example"]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var complaints = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        Assert.That(run.ExitCode, Is.Zero, complaints);
    }

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>[A-Z_]+)(?<rest>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Variable();

    [GeneratedRegex("PASSWORD|SECRET|KEY|TOKEN", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Secret();
}
