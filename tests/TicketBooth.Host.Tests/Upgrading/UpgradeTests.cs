using System.Text.Json.Nodes;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Upgrading;

/// <summary>A newer program on older data, and an older program on newer data.</summary>
public sealed class UpgradeTests
{
    private static IEnumerable<string> Names => OldFolder.Names;

    [TestCaseSource(nameof(Names))]
    public async Task Data_of_a_former_state_is_opened_whole_and_selling_goes_on(string name)
    {
        using var old = new OldFolder(name);
        await using (var host = await TestHost.StartAsync(folder: old.Path))
        {
            var buyer = await TicketBoothApi.SignInAsync(host, (string)old.Told["buyer"]!, (string)old.Told["password"]!);
            foreach (var (orderId, status) in old.Told["orders"]!.AsObject())
            {
                // A hold of then has ended long ago.
                await buyer.WaitForOrderAsync(orderId, (string)status! == "on_payment" ? "expired" : (string)status!);
            }

            await AssertCodesAreThoseOfThenAsync(buyer, old.Told);

            // What was sold is gone, what was free is sold.
            var eventId = (string)old.Told["eventId"]!;
            var added = (string)(await buyer.OrderAsync(eventId, 3))["id"]!;
            await buyer.PayAsync(added);
            await buyer.WaitForOrderAsync(added, "paid");
            var paid = old.Told["orders"]!.AsObject().First(order => (string)order.Value! == "paid").Key;
            var admin = await TicketBoothApi.AdminAsync(host);
            await admin.SendAsync(HttpMethod.Post, $"/api/v1/orders/{paid}/cancel");
            await buyer.WaitForOrderAsync(paid, "refunded");
        }

        var (exitCode, output) = await HostCommand.AuditAsync(old.Path);
        Assert.That(exitCode, Is.Zero, output);
    }

    /// <summary>Tickets are printed: their codes open the door after any upgrade.</summary>
    private static async Task AssertCodesAreThoseOfThenAsync(TicketBoothApi buyer, JsonObject told)
    {
        foreach (var (orderId, codes) in told["codes"]?.AsObject() ?? [])
        {
            var tickets = (await buyer.GetAsync($"/api/v1/orders/{orderId}/tickets"))["items"]!.AsArray();
            Assert.That(tickets.Select(ticket => (string)ticket!["code"]!), Is.EqualTo(codes!.AsArray().Select(code => (string)code!)), orderId);
        }
    }

    [TestCaseSource(nameof(Names))]
    public async Task Upgraded_files_have_the_tables_of_new_ones(string name)
    {
        using var old = new OldFolder(name);
        await using (await TestHost.StartAsync(folder: old.Path))
        await using (var fresh = await TestHost.StartAsync())
        {
            var admin = await TicketBoothApi.AdminAsync(fresh);
            await admin.PublishEventAsync(TicketBoothApi.EventBody());
            Assert.Multiple(() =>
            {
                foreach (var file in Directory.GetFiles(fresh.Folder, "*.db"))
                {
                    var upgraded = Path.Combine(old.Path, Path.GetFileName(file));
                    Assert.That(OldFolder.SchemaOf(upgraded), Is.EqualTo(OldFolder.SchemaOf(file)), Path.GetFileName(file));
                }
            });
        }
    }

    [Test]
    public async Task A_backup_of_a_former_state_is_restored_by_this_one()
    {
        var archive = Path.Combine(Path.GetTempPath(), $"ticketbooth-old-{Environment.ProcessId}.zip");
        var target = Directory.CreateTempSubdirectory("ticketbooth-upgraded-");
        using var old = new OldFolder(Names.Last());
        try
        {
            // As the verb of that program would have: this one audits what it writes, and does not read older files before a start.
            new BuildingBlocks.Storage.Backups.BackupWriter(old.Path, "0.9.0", TimeProvider.System).Write(archive, CancellationToken.None);

            var restored = await HostCommand.RunAsync(target.FullName, "restore", archive);

            Assert.That(restored.ExitCode, Is.Zero, restored.Errors);
            Assert.That(restored.Output, Does.Contain("older release"));
            await using (await TestHost.StartAsync(folder: target.FullName))
            {
                // It upgrades.
            }

            var (exitCode, output) = await HostCommand.AuditAsync(target.FullName);
            Assert.That(exitCode, Is.Zero, output);
        }
        finally
        {
            File.Delete(archive);
            target.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Older_data_is_backed_up_by_the_release_that_wrote_it()
    {
        using var old = new OldFolder("2026-11-29");
        var archive = Path.Combine(Path.GetTempPath(), $"ticketbooth-too-late-{Environment.ProcessId}.zip");

        var (exitCode, _, errors) = await HostCommand.RunAsync(old.Path, "backup", archive);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("No backup was made: an older release wrote the files in Storage:Path."));
        Assert.That(File.Exists(archive), Is.False);
    }

    [TestCase("booking", "PRAGMA user_version = 99")]
    [TestCase("booking-0001", "PRAGMA user_version = 99")]
    [TestCase("events", "PRAGMA user_version = 99")]
    [TestCase("payments", "PRAGMA user_version = 99")]
    [TestCase("admissions", "PRAGMA user_version = 99")]
    [TestCase("accounts", "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Later', '99.0')")]
    [TestCase("notifications", "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Later', '99.0')")]
    [TestCase("dashboard", "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Later', '99.0')")]
    public async Task Data_of_a_newer_release_stops_the_start_and_its_backup_is_not_restored(string file, string script)
    {
        using var newer = new OldFolder(Names.Last());
        await using (await TestHost.StartAsync(folder: newer.Path))
        {
            // Upgraded to this release.
        }

        OldFolder.Run(Path.Combine(newer.Path, file + ".db"), script);
        Assert.That(
            async () => { await using var host = await TestHost.StartAsync(folder: newer.Path); },
            Throws.InstanceOf<StorageException>().With.Message.StartsWith("Storage:Path: ").And.Message.Contains(file + ".db").And.Message.Contains("newer release"));

        var archive = Path.Combine(Path.GetTempPath(), $"ticketbooth-newer-{Environment.ProcessId}-{file}.zip");
        var target = Path.Combine(newer.Path, "restored");
        try
        {
            new BuildingBlocks.Storage.Backups.BackupWriter(newer.Path, "9.1.0", TimeProvider.System).Write(archive, CancellationToken.None);
            var (exitCode, _, errors) = await HostCommand.RunAsync(target, "restore", archive);
            Assert.That(exitCode, Is.EqualTo(5), errors);
            Assert.That(errors, Does.Contain("newer release (9.1.0)").And.Contain(file + ".db"));
            Assert.That(Directory.EnumerateFiles(target, "*.db"), Is.Empty);
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
