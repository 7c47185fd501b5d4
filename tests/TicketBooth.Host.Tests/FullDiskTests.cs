using System.Diagnostics;
using System.IO.Compression;
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

    [Test]
    public async Task A_full_disk_of_the_backups_stops_no_sale_and_leaves_the_last_good_one()
    {
        var shelf = Directory.CreateDirectory(Path.Combine(disk, "backups"));
        var data = Directory.CreateTempSubdirectory("ticketbooth-data-");
        try
        {
            await using (await TestHost.StartAsync(folder: data.FullName))
            {
                // An installation, and a backup of it that is a day old.
                var installation = (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data.FullName, "ticketbooth.files.json")))!["installation"]!;
                var good = Path.Combine(shelf.FullName, $"ticketbooth-{installation[..8]}-20260101T030000Z.zip");
                Assert.That((await HostCommand.RunAsync(data.FullName, "backup", good)).ExitCode, Is.Zero);
                MakeOld(good);
            }

            var filler = Path.Combine(disk, "filler");
            Fill(filler);
            var before = shelf.GetFileSystemInfos().Select(file => file.Name).ToList();
            await using (var host = await TestHost.StartAsync(folder: data.FullName, settings: [("Backup:Path", shelf.FullName)]))
            {
                var admin = await TicketBoothApi.AdminAsync(host);
                await Eventually.Async(
                    () => admin.GetAsync("/api/v1/dashboard/summary"), summary => (int)summary["attention"]!["failedBackups"]! == 1, "the failure to be told");
                var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 4)))["id"]!;
                var orderId = (string)(await admin.OrderAsync(eventId))["id"]!;
                await admin.PayAsync(orderId);
                await admin.WaitForOrderAsync(orderId, "paid");
                var page = await host.Client.GetStringAsync("/health/ready");
                Assert.That(page, Is.AnyOf("Healthy", "Degraded"));
            }

            Assert.That(shelf.GetFileSystemInfos().Select(file => file.Name), Is.EquivalentTo(before), "the last good one, and nothing half");
            File.Delete(filler);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static void MakeOld(string archive)
    {
        using var zip = ZipFile.Open(archive, ZipArchiveMode.Update);
        JsonNode contents;
        using (var read = zip.GetEntry("backup.json")!.Open())
        {
            contents = JsonNode.Parse(read)!;
        }

        contents["at"] = TimeProvider.System.GetUtcNow().AddDays(-1.5);
        zip.GetEntry("backup.json")!.Delete();
        using var writer = new StreamWriter(zip.CreateEntry("backup.json").Open());
        writer.Write(contents.ToJsonString());
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
