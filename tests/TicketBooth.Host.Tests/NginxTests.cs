using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>docker/nginx.conf, run by the nginx of this machine in front of two hosts that only say who they are.</summary>
public sealed class NginxTests
{
    private readonly List<FakeHost> hosts = [];
    private Nginx nginx;
    private HttpClient client;

    [SetUp]
    public async Task Start()
    {
        hosts.AddRange([await FakeHost.StartAsync("one"), await FakeHost.StartAsync("two")]);
        nginx = await Nginx.StartAsync([.. hosts.Select(host => host.Port)]);
        client = nginx.NewClient();
    }

    [TearDown]
    public async Task Stop()
    {
        client?.Dispose();
        if (nginx is not null)
        {
            await nginx.DisposeAsync();
        }

        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        hosts.Clear();
    }

    [Test]
    public async Task Both_hosts_get_requests()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync("/who")));

        Assert.That(answers.Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task No_request_fails_while_a_host_is_gone_and_it_is_used_again_when_it_is_back()
    {
        await hosts[0].StopAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => number % 2 == 0 ? client.GetStringAsync("/who") : PostAsync("/who")));
        Assert.That(answers, Is.All.EqualTo("two"));

        await hosts[0].RestartAsync();
        await Eventually.Async(() => client.GetStringAsync("/who"), who => who == "one", "the first host to be used again");
    }

    [Test]
    public async Task An_order_that_a_host_took_and_died_over_is_not_sent_to_the_other()
    {
        using var response = await client.PostAsync("/die", JsonContent.Create(new { }));

        await AssertUnavailableAsync(response);
        Assert.That(hosts.Sum(host => host.Deaths), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_any_host_clients_are_told_when_to_come_back()
    {
        await hosts[0].StopAsync();
        await hosts[1].StopAsync();

        for (var repeat = 0; repeat < 3; repeat++)
        {
            using var response = await client.GetAsync("/who");
            await AssertUnavailableAsync(response);
        }
    }

    [Test]
    public async Task A_hosts_own_refusal_passes_unchanged_and_costs_it_no_requests()
    {
        for (var repeat = 0; repeat < 10; repeat++)
        {
            using var response = await client.GetAsync("/full");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("lane-full"));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync("/who")));
        Assert.That(answers.Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task It_is_ready_while_any_host_is()
    {
        hosts[0].IsReady = false;
        Assert.That(await ReadyAsync(10), Is.All.EqualTo(HttpStatusCode.OK));

        hosts[1].IsReady = false;
        Assert.That(await ReadyAsync(4), Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
        // Not ready is not dead: what a host can still answer, such as cached events, it does.
        Assert.That(await client.GetStringAsync("/who"), Is.AnyOf("one", "two"));
    }

    [Test]
    public async Task Events_of_the_stream_come_as_they_are_sent()
    {
        using var response = await client.GetAsync("/api/v1/dashboard/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var first = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        var host = hosts.Single(one => one.IsStreaming);
        host.GoOn.SetResult();
        await reader.ReadLineAsync();
        var second = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That((first, second), Is.EqualTo(("data: first", "data: second")));
    }

    [Test]
    public async Task The_example_on_the_page_about_Production_is_one_that_nginx_takes()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "production.md"));
        var example = page.Split("```nginx\n")[1].Split("```")[0];

        var (exitCode, complaints) = await nginx.JudgeAsync(example);

        Assert.That(exitCode, Is.Zero, complaints);
    }

    [Test]
    public async Task Hosts_learn_the_clients_address_from_nginx_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/headers");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await client.SendAsync(request);
        var seen = (await response.Content.ReadFromJsonAsync<JsonObject>())!;

        Assert.That((string?)seen["X-Forwarded-For"], Is.EqualTo("127.0.0.1"));
        Assert.That((string?)seen["X-Forwarded-Proto"], Is.EqualTo("https"));
        Assert.That((string?)seen["Host"], Is.EqualTo(nginx.Address.Authority));
        Assert.That((string?)seen["traceparent"], Does.StartWith("00-0af7651916cd43dd8448eb211c80319c"));
    }

    [Test]
    public async Task The_figures_of_a_host_are_nobodys_however_they_are_spelled()
    {
        foreach (var path in new[] { "/metrics", "/metrics/", "/METRICS", "/Metrics/", "/%6detrics", "//metrics", "/who/../metrics", "/metrics/anything" })
        {
            // As it is typed: an HttpClient tidies an address up.
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(nginx.Address.Host, nginx.Address.Port);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(nginx.Trusting());
            await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {nginx.Address.Authority}\r\nConnection: close\r\n\r\n"));
            using var answer = new StreamReader(tls);

            Assert.That(await answer.ReadLineAsync(), Does.StartWith("HTTP/1.1 404"), path);
        }
    }

    [Test]
    public async Task Plain_http_leads_to_tls_and_tls_is_remembered()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var plain = new HttpClient(handler) { BaseAddress = nginx.Plain };
        using var redirect = await plain.PostAsync("/api/v1/orders?x=1", JsonContent.Create(new { }));
        using var ready = await plain.GetAsync("/health/ready");
        using var answer = await client.GetAsync("/who");
        using var refused = await client.GetAsync("/metrics");

        Assert.That(redirect.StatusCode, Is.EqualTo(HttpStatusCode.PermanentRedirect));
        Assert.That(redirect.Headers.Location, Is.EqualTo(new Uri("https://127.0.0.1/api/v1/orders?x=1")));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        foreach (var secured in new[] { answer, refused })
        {
            Assert.That(secured.Headers.GetValues("Strict-Transport-Security"), Is.EqualTo(new[] { "max-age=31536000" }));
        }

        await hosts[0].StopAsync();
        await hosts[1].StopAsync();
        using var unavailable = await client.GetAsync("/who");
        Assert.That(unavailable.Headers.Contains("Strict-Transport-Security"), Is.True, "also when nginx answers itself");
    }

    [Test]
    public async Task A_body_beyond_any_order_is_refused()
    {
        using var response = await client.PostAsync("/who", new ByteArrayContent(new byte[300 * 1024]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That((string?)(await response.Content.ReadFromJsonAsync<JsonObject>())!["code"], Is.EqualTo("unavailable"));
    }

    private async Task<string> PostAsync(string path)
    {
        using var response = await client.PostAsync(path, JsonContent.Create(new { }));
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<List<HttpStatusCode>> ReadyAsync(int times)
    {
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < times; i++)
        {
            using var response = await client.GetAsync("/health/ready");
            codes.Add(response.StatusCode);
        }

        return codes;
    }

    /// <summary>A host as nginx sees one.</summary>
    private sealed class FakeHost(string name) : IAsyncDisposable
    {
        private WebApplication? app;
        private int deaths;

        public int Port { get; private set; }

        public bool IsReady { get; set; } = true;

        public bool IsStreaming { get; private set; }

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Deaths => deaths;

        public static async Task<FakeHost> StartAsync(string name)
        {
            var host = new FakeHost(name);
            await host.RestartAsync();
            return host;
        }

        public async Task RestartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder([$"--urls=http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}"]);
            builder.Logging.ClearProviders();
            app = builder.Build();
            app.Map("/who", () => name);
            app.MapGet("/health/ready", () => IsReady ? Results.Ok() : Results.StatusCode(503));
            app.MapGet("/headers", (HttpContext context) => context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.Ordinal));
            app.MapGet("/full", (HttpContext context) =>
            {
                context.Response.Headers.RetryAfter = "7";
                return Results.Problem(statusCode: 503, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = "lane-full" });
            });
            app.MapPost("/die", (HttpContext context) =>
            {
                Interlocked.Increment(ref deaths);
                context.Abort();
            });
            app.MapGet("/api/v1/dashboard/stream", async (HttpContext context) =>
            {
                IsStreaming = true;
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: first\n\n");
                await context.Response.Body.FlushAsync();
                await GoOn.Task;
                await context.Response.WriteAsync("data: second\n\n");
            });
            await app.StartAsync();
            Port = new Uri(app.Urls.Single()).Port;
        }

        public async Task StopAsync()
        {
            if (app is not null)
            {
                await app.StopAsync();
                await app.DisposeAsync();
                app = null;
            }
        }

        public async ValueTask DisposeAsync()
        {
            GoOn.TrySetResult();
            await StopAsync();
        }
    }

    /// <summary>nginx with our configuration, but for its addresses and its folder.</summary>
    private sealed class Nginx : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("ticketbooth-nginx-").FullName;
        private Process? process;
        private X509Certificate2? certificate;

        private Nginx(Uri address, Uri plain) => (Address, Plain) = (address, plain);

        public Uri Address { get; }

        /// <summary>Without TLS.</summary>
        public Uri Plain { get; }

        /// <summary>Trusts the certificate, which only this test knows, and no other.</summary>
        public SslClientAuthenticationOptions Trusting() =>
            new()
            {
                TargetHost = Address.Host,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { certificate! },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            };

        public HttpClient NewClient() => new(new SocketsHttpHandler { SslOptions = Trusting(), AllowAutoRedirect = true }) { BaseAddress = Address };

        public static async Task<Nginx> StartAsync(int[] hosts)
        {
            var nginx = new Nginx(
                new Uri($"https://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}"),
                new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}"));
            await nginx.WriteCertificateAsync();
            var configuration = Path.Combine(nginx.folder, "nginx.conf");
            await File.WriteAllTextAsync(configuration, nginx.Configure(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docker", "nginx.conf")), hosts));
            nginx.process = Process.Start(new ProcessStartInfo(await ExecutableAsync(), ["-p", nginx.folder, "-c", configuration, "-g", "daemon off;"]) { UseShellExecute = false })!;
            using var client = nginx.NewClient();
            await Eventually.Async(
                async () =>
                {
                    try
                    {
                        return (await client.GetAsync("/who")).StatusCode;
                    }
                    catch (HttpRequestException) when (!nginx.process.HasExited)
                    {
                        return HttpStatusCode.BadGateway;
                    }
                },
                code => code == HttpStatusCode.OK,
                "nginx to serve");
            return nginx;
        }

        /// <summary>Whether nginx takes these servers, with the certificate of this one.</summary>
        public async Task<(int ExitCode, string Complaints)> JudgeAsync(string servers)
        {
            var configuration = Path.Combine(folder, "judged.conf");
            await File.WriteAllTextAsync(
                configuration, $"pid {folder}/judged.pid; events {{ }} http {{ {servers.Replace("/etc/nginx/tls/", folder + "/", StringComparison.Ordinal)} }}");
            using var judge = Process.Start(
                new ProcessStartInfo(await ExecutableAsync(), ["-t", "-p", folder, "-c", configuration]) { UseShellExecute = false, RedirectStandardError = true })!;
            var complaints = await judge.StandardError.ReadToEndAsync();
            await judge.WaitForExitAsync();
            return (judge.ExitCode, complaints);
        }

        public async ValueTask DisposeAsync()
        {
            if (process is not null)
            {
                using var quit = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                await process.WaitForExitAsync();
                process.Dispose();
            }

            certificate?.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        private string Configure(string configuration, int[] hosts)
        {
            (string What, string With)[] places =
            [
                ("listen 8443 ssl;", $"listen {Address.Authority} ssl;"),
                ("listen 8080;", $"listen {Plain.Authority};"),
                ("/etc/nginx/tls/", folder + "/"),
                ("server host-1:8080 ", string.Create(CultureInfo.InvariantCulture, $"server 127.0.0.1:{hosts[0]} ")),
                ("server host-2:8080 ", string.Create(CultureInfo.InvariantCulture, $"server 127.0.0.1:{hosts[1]} ")),
                ("/tmp/ticketbooth/", folder + "/"),
            ];
            foreach (var (what, with) in places)
            {
                Assert.That(configuration, Does.Contain(what), "docker/nginx.conf has moved");
                configuration = configuration.Replace(what, with, StringComparison.Ordinal);
            }

            return configuration;
        }

        private async Task WriteCertificateAsync()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var now = TimeProvider.System.GetUtcNow();
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(names.Build());
            certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        }

        /// <summary>Debian's, installed when it is missing and can be.</summary>
        private static async Task<string> ExecutableAsync()
        {
            const string Path = "/usr/sbin/nginx";
            if (!File.Exists(Path))
            {
                if (!File.Exists("/usr/bin/apt-get") || !Environment.IsPrivilegedProcess)
                {
                    Assert.Ignore("There is no nginx, and it cannot be installed here: that needs Debian or Ubuntu, and root.");
                }

                using var install = Process.Start(System.IO.Path.Combine(SourceTree.Root, "tests", "servers"), ["install", "nginx-light"]);
                await install.WaitForExitAsync();
            }

            return Path;
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
