using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using TicketBooth.Host.Starting;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>
/// What the person who starts the host sees. One refusal is that of a real process, whose settings come from its environment; the others are those
/// of the same command line in this process.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class StartTests
{
    [TestCase("Booking:HoldMinutes", "-1")]
    [TestCase("Booking:HoldMinutes", "soon")]
    [TestCase("Booking:MaxTicketsPerOrder", "0")]
    [TestCase("Booking:LaneCapacity", "0")]
    [TestCase("Modules", "Events,Casino")]
    [TestCase("Accounts:AccessTokenMinutes", "0")]
    [TestCase("Payments:WebhookSecret", "not-a-secret")]
    [TestCase("Payments:Gateways", "Cash")]
    [TestCase("Payments:Sandbox:PixCity", "São Paulo")]
    [TestCase("Metrics:Enabled", "perhaps")]
    [TestCase("Storage:Path", "/proc/nowhere")]
    [TestCase("ConnectionStrings:MySql", "Server=127.0.0.1;Port=1;User ID=ticketbooth;Password=x")]
    [TestCase("ConnectionStrings:MySql", "mysql://127.0.0.1")]
    [TestCase("ConnectionStrings:Redis", "127.0.0.1:1")]
    [TestCase("ConnectionStrings:Redis", "127.0.0.1:6379,nonsense=1")]
    public async Task A_setting_that_makes_no_sense_stops_the_start_with_its_name(string setting, string value)
    {
        var (exitCode, errors) = await RefusedAsync($"--{setting}={value}");
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2), errors);
            Assert.That(errors, Does.Contain(setting));
        });
    }

    [Test]
    public async Task The_sandbox_gateway_is_refused_in_production()
    {
        var (exitCode, errors) = await RefusedAsync("--environment=Production", "--Payments:Gateways=Sandbox");
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(errors, Does.Contain("Payments:Gateways"));
        });
    }

    [Test]
    public async Task Who_asks_while_the_addresses_are_tried_is_told_to_come_again_and_not_that_there_is_nothing()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("urls", (string?)"http://127.0.0.1:0")])
            .Build();
        await using var probe = AddressCheck.BuildProbe(settings);
        await probe.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(probe.Urls.Single()) };

        foreach (var path in new[] { $"/api/v1/orders/{Guid.NewGuid()}", "/health/ready" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Multiple(() =>
            {
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), path);
                Assert.That(answer.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero), path);
            });
            Assert.That((string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"], Is.EqualTo("unavailable"));
        }
    }

    [Test]
    public async Task A_second_process_on_the_same_files_is_refused()
    {
        await using var first = await TestHost.StartAsync();
        var (exitCode, output) = await HostProcess.RunAsync([("Storage:Path", first.Folder)], "--urls", "http://127.0.0.1:0");
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(output, Does.Contain("Storage:Path").And.Contain("another process"));
        });
    }

    [Test]
    public async Task An_unknown_verb_says_what_there_is()
    {
        var (exitCode, output) = await HostProcess.RunAsync([], "sell");
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(output, Does.Contain("Usage").And.Contain("audit"));
        });
    }

    [Test]
    public async Task A_module_can_be_left_out()
    {
        await using var host = await TestHost.StartAsync(settings: [("Modules", "Accounts,Events")]);
        using var events = await host.Client.GetAsync("/api/v1/events");
        using var orders = await host.Client.PostAsync("/api/v1/orders", null);
        Assert.Multiple(() =>
        {
            Assert.That((int)events.StatusCode, Is.EqualTo(200));
            Assert.That((int)orders.StatusCode, Is.EqualTo(404));
        });
    }

    private static async Task<(int ExitCode, string Errors)> RefusedAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-refused-");
        var (exitCode, _, errors) = await HostCommand.RunAsync(folder.FullName, ["--urls=http://127.0.0.1:0", .. settings]);
        folder.Delete(recursive: true);
        return (exitCode, errors);
    }
}
