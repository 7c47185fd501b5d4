using System.Collections.Concurrent;
using System.Diagnostics;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Backups;

/// <summary>Backups of a host that sells, a process of its own, and what comes back from them.</summary>
public sealed class BackupTests
{
    private const int Sellers = 6;
    private const int Tickets = 6_000;
    private const int Kills = 4;

    private readonly DirectoryInfo shelf = Directory.CreateTempSubdirectory("ticketbooth-shelf-");

    [OneTimeTearDown]
    public void Remove() => shelf.Delete(recursive: true);

    [Test]
    public async Task Every_order_that_was_told_before_the_cut_comes_back_whole_after_the_folder_is_destroyed()
    {
        await using var host = await HostProcess.StartAsync();
        var archive = Path.Combine(shelf.FullName, "sold.zip");
        var told = new ConcurrentBag<(string Id, DateTimeOffset At)>();
        using (var stop = new CancellationTokenSource())
        {
            var eventId = await PublishAsync(host);
            var sale = Enumerable.Range(0, Sellers).Select(_ => SellAsync(host, eventId, told, stop.Token)).ToList();
            await WaitForAsync(told, 100);
            var (exitCode, output, errors) = await HostCommand.RunAsync(host.Folder, "backup", archive);
            Assert.That(exitCode, Is.Zero, output + errors);
            Assert.That(output, Does.Contain("PASS"));
            await WaitForAsync(told, told.Count + 50);
            await stop.CancelAsync();
            await host.KillAsync();
            await Task.WhenAll(sale);
        }

        Directory.Delete(host.Folder, recursive: true);
        var restored = await HostCommand.RunAsync(host.Folder, "restore", archive);
        Assert.That(restored.ExitCode, Is.Zero, restored.Errors);
        await AssertAuditPassesAsync(host.Folder);

        await host.RestartAsync();
        using var client = host.NewClient();
        var admin = await TicketBoothApi.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        var cut = MomentOf(archive);
        var before = told.Where(order => order.At < cut).ToList();
        Assert.That(before, Has.Count.InRange(100, told.Count - 50));
        foreach (var (id, _) in before)
        {
            // An order that was on payment at the cut goes on: its gateway's report may be lost, its hold ends.
            var order = await admin.GetAsync($"/api/v1/orders/{id}");
            Assert.That((string?)order["status"], Is.AnyOf("on_payment", "paid", "expired"));
        }

        await AssertAuditPassesAsync(host.Folder);
    }

    [Test]
    public async Task A_backup_that_is_killed_half_way_leaves_the_sale_alone_and_nothing_that_looks_like_a_backup()
    {
        await using var host = await HostProcess.StartAsync();
        var told = new ConcurrentBag<(string Id, DateTimeOffset At)>();
        using var stop = new CancellationTokenSource();
        var eventId = await PublishAsync(host);
        var sale = Enumerable.Range(0, Sellers).Select(_ => SellAsync(host, eventId, told, stop.Token)).ToList();
        await WaitForAsync(told, 50);
        for (var i = 0; i < Kills; i++)
        {
            var killed = Path.Combine(shelf.FullName, $"killed-{i}.zip");
            await KillHalfWayAsync(host.Folder, killed, afterMilliseconds: i * 15);
            if (File.Exists(killed))
            {
                // It had come to its end.
                using var whole = BackupArchive.Open(killed);
                Assert.That(whole.Contents.Files, Is.Not.Empty);
            }

            await WaitForAsync(told, told.Count + 20);
        }

        var last = Path.Combine(shelf.FullName, "killed-0.zip");
        File.Delete(last);
        var (exitCode, output, errors) = await HostCommand.RunAsync(host.Folder, "backup", last);
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Directory.EnumerateDirectories(shelf.FullName, "killed-0.zip.*"), Is.Empty);
        await stop.CancelAsync();
        await Task.WhenAll(sale);
        await AssertAuditPassesAsync(host.Folder);
    }

    [Test]
    public async Task A_host_makes_backups_by_itself_and_the_back_office_shows_the_last_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(shelf.FullName, "scheduled"));
        await using var host = await TestHost.StartAsync(settings: [("Backup:Path", folder.FullName)]);
        await Eventually.Async(
            () => Task.FromResult(folder.GetFiles("ticketbooth-*.zip").Length), count => count == 1, "the first backup");
        var admin = await TicketBoothApi.AdminAsync(host);
        var summary = await Eventually.Async(
            () => admin.GetAsync("/api/v1/dashboard/summary"), shown => (int)shown["attention"]!["failedBackups"]! == 0, "no failure");
        Assert.That((int)summary["attention"]!["failedBackups"]!, Is.Zero);
        await Eventually.Async(() => Task.FromResult(folder.GetDirectories().Length), count => count == 0, "the check to end");

        var target = Path.Combine(shelf.FullName, "restored");
        var restored = await HostCommand.RunAsync(target, "restore", folder.GetFiles().Single().FullName);
        Assert.That(restored.ExitCode, Is.Zero, restored.Errors);
        await AssertAuditPassesAsync(target);
    }

    [Test]
    public async Task What_is_signed_before_a_backup_is_good_after_the_restore()
    {
        var archive = Path.Combine(shelf.FullName, "keys.zip");
        var target = Path.Combine(shelf.FullName, "keys");
        string token;
        await using (var host = await TestHost.StartAsync())
        {
            token = (await TicketBoothApi.AdminAsync(host)).Client.DefaultRequestHeaders.Authorization!.Parameter!;
            Assert.That((await HostCommand.RunAsync(host.Folder, "backup", archive)).ExitCode, Is.Zero);
        }

        Assert.That((await HostCommand.RunAsync(target, "restore", archive)).ExitCode, Is.Zero);
        await using var again = await TestHost.StartAsync(folder: target);
        again.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var me = await again.Client.GetAsync("/api/v1/accounts/me");
        Assert.That(me.IsSuccessStatusCode);
    }

    [Test]
    public async Task Each_refusal_has_its_exit_code_and_says_why()
    {
        var archive = Path.Combine(shelf.FullName, "refusals.zip");
        var letter = Path.Combine(shelf.FullName, "letter.txt");
        var cutOff = Path.Combine(shelf.FullName, "cut-off.zip");
        var empty = Path.Combine(shelf.FullName, "empty");
        await File.WriteAllTextAsync(letter, "Dear madam or sir, this is a letter and no backup of any office.");
        await using (var host = await TestHost.StartAsync())
        {
            Assert.That((await HostCommand.RunAsync(host.Folder, "backup", archive)).ExitCode, Is.Zero);
            await AssertRefusedAsync(host.Folder, 2, "another process already serves", "restore", archive);
            await AssertRefusedAsync(host.Folder, 2, "is in Storage:Path", "backup", Path.Combine(host.Folder, "b.zip"));
            await AssertRefusedAsync(host.Folder, 2, "exists already", "backup", archive);
            await AssertRefusedAsync(host.Folder, 2, "'Backup and restore with servers'", "backup", "b.zip", "--ConnectionStrings:Kafka=somewhere:9092");
        }

        await File.WriteAllBytesAsync(cutOff, (await File.ReadAllBytesAsync(archive))[..4_000]);
        await AssertRefusedAsync(shelf.FullName, 2, "is not empty", "restore", archive);
        await AssertRefusedAsync(empty, 2, "There is no file", "restore", Path.Combine(shelf.FullName, "none.zip"));
        await AssertRefusedAsync(empty, 2, "nothing to back up", "backup", Path.Combine(shelf.FullName, "new.zip"));
        await AssertRefusedAsync(empty, 3, "is no backup", "restore", letter);
        await AssertRefusedAsync(empty, 4, "is damaged", "restore", cutOff);
        await AssertRefusedAsync(empty, 2, "'Backup and restore with servers'", "restore", archive, "--ConnectionStrings:MongoDb=mongodb://somewhere/tb?replicaSet=rs0");
        await AssertRefusedAsync(empty, 2, "Backup:Every", "--Backup:Every=00:00:10");
        Assert.That(empty, Does.Not.Exist.Or.Empty);
    }

    private static async Task AssertRefusedAsync(string folder, int code, string reason, params string[] words)
    {
        var (exitCode, _, errors) = await HostCommand.RunAsync(folder, words);
        Assert.That((exitCode, errors), Is.EqualTo((code, errors)));
        Assert.That(errors, Does.Contain(reason));
    }

    private static async Task AssertAuditPassesAsync(string folder)
    {
        var (exitCode, output) = await HostCommand.AuditAsync(folder);
        Assert.That(exitCode, Is.Zero, output);
    }

    private static DateTimeOffset MomentOf(string archive)
    {
        using var opened = BackupArchive.Open(archive);
        return opened.Contents.At;
    }

    private static Task WaitForAsync(ConcurrentBag<(string Id, DateTimeOffset At)> told, int count) =>
        Eventually.Async(() => Task.FromResult(told.Count), seen => seen >= count, $"{count} orders");

    private static async Task<string> PublishAsync(HostProcess host)
    {
        using var client = host.NewClient();
        var admin = await TicketBoothApi.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        return (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(Tickets)))["id"]!;
    }

    /// <summary>Orders and pays one ticket after the other until it is stopped or the host is gone.</summary>
    private static async Task SellAsync(HostProcess host, string eventId, ConcurrentBag<(string Id, DateTimeOffset At)> told, CancellationToken stop)
    {
        using var client = host.NewClient();
        var admin = await TicketBoothApi.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var id = (string)(await admin.OrderAsync(eventId))["id"]!;
                told.Add((id, TimeProvider.System.GetUtcNow()));
                await admin.PayAsync(id);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // What the test does in the end: the host is killed in the middle of it.
        }
    }

    private static async Task KillHalfWayAsync(string folder, string archive, int afterMilliseconds)
    {
        var start = new ProcessStartInfo("dotnet", [HostProcess.Assembly, "backup", archive, $"--Storage:Path={folder}", "--environment=Development", .. HostCommand.NoServers])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var backup = Process.Start(start)!;
        await Eventually.Async(
            () => Task.FromResult(backup.HasExited || Directory.Exists(archive + ".part") || File.Exists(archive)), begun => begun, "the backup to begin");
        // Each time a little later in its work; wherever it hits, the outcome is the same.
        await Task.Delay(afterMilliseconds);
        backup.Kill();
        await backup.WaitForExitAsync();
    }
}
