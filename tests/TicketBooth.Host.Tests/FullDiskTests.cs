using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>A disk that is really full, in the middle of a sale, and has room again.</summary>
public sealed class FullDiskTests
{
    private const int Refusals = 20;
    private const int Tickets = 2_000;

    private readonly string disk = Directory.CreateTempSubdirectory("ticketbooth-disk-").FullName;
    private bool isMounted;

    [OneTimeSetUp]
    public async Task MountAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            Assert.Ignore("A disk of its own can only be mounted by root, on Linux.");
        }

        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk) != 0)
        {
            Assert.Ignore("No disk can be mounted here.");
        }

        isMounted = true;
    }

    [OneTimeTearDown]
    public async Task UnmountAsync()
    {
        if (isMounted)
        {
            Assert.That(await RunAsync("umount", disk), Is.Zero);
        }

        Directory.Delete(disk);
    }

    [Test]
    public async Task No_told_order_is_lost_and_all_goes_on_by_itself_when_there_is_room_again()
    {
        var data = Directory.CreateDirectory(Path.Combine(disk, "data")).FullName;
        await using (var host = await TestHost.StartAsync(folder: data))
        {
            var admin = await TicketBoothApi.AdminAsync(host);
            var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: Tickets)))["id"]!;
            var told = new List<string> { (string)(await admin.OrderAsync(eventId))["id"]! };

            var filler = Path.Combine(disk, "filler");
            Fill(filler);
            var refusals = 0;
            while (refusals < Refusals)
            {
                Assert.That(told, Has.Count.LessThan(Tickets), "the disk is full");
                using var answer = await admin.Client.PostAsJsonAsync("/api/v1/orders", new { eventId, quantity = 1 });
                var body = (JsonObject)(await answer.Content.ReadFromJsonAsync<JsonNode>())!;
                Assert.That(answer.StatusCode, Is.AnyOf(HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable), body.ToString());
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    told.Add((string)body["id"]!);
                }
                else
                {
                    refusals++;
                }
            }

            await Eventually.Async(() => ReadyAsync(host.Client), status => status == HttpStatusCode.ServiceUnavailable, "the host to say so");
            File.Delete(filler);
            await Eventually.Async(() => ReadyAsync(host.Client), status => status == HttpStatusCode.OK, "the host to be ready again");

            told.Add((string)(await admin.OrderAsync(eventId))["id"]!);
            foreach (var orderId in told)
            {
                Assert.That((string?)(await admin.GetAsync($"/api/v1/orders/{orderId}"))["id"], Is.EqualTo(orderId));
            }
        }

        var (exitCode, output) = await HostCommand.AuditAsync(data);
        Assert.That(exitCode, Is.Zero, output);
    }

    private static void Fill(string path)
    {
        // The last bytes too: a file of the host's may have room for another order or two, and then has none.
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 20; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No room for so much: for less, perhaps.
            }
        }
    }

    private static async Task<HttpStatusCode> ReadyAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health/ready");
        return answer.StatusCode;
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await run.WaitForExitAsync();
        return run.ExitCode;
    }
}
