using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Loads;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Host.Tests.Upgrading;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Faults;

/// <summary>What happens to one host and its files.</summary>
internal sealed class EmbeddedFaults(EmbeddedHouse house, Load load, Ledger ledger, FaultTimes times)
{
    private static readonly string[] files = ["accounts", "admissions", "booking", "booking-0001", "dashboard", "events", "payments"];

    private HostProcess Host => house.Host;

    /// <summary>Those that this machine lets us make.</summary>
    public IReadOnlyList<Fault> All =>
        [
            new("kill -9", 24, KillAsync),
            new("kill -9 during the start", 4, KillStartAsync),
            new("kill -9 during a backup", 3, KillBackupAsync),
            new("kill -9 during a migration", 1, KillMigrationAsync),
            new("SIGTERM", 3, TerminateAsync),
            new("SIGSTOP", 1, FreezeAsync),
            new("damaged file", 2, DamageAsync),
            .. house.Disk is { } disk
                ?
                [
                    new("disk full", 2, dice => FillAsync(disk, dice)),
                    new("disk full and kill -9", 1, dice => FillAndKillAsync(disk, dice)),
                    new("disk fails", 2, dice => FailDiskAsync(disk, dice)),
                    new("read-only folder", 1, _ => StartReadOnlyAsync(disk)),
                ]
                : (IEnumerable<Fault>)[],
            .. house.Clock is { } clock
                ?
                [
                    new("clock an hour on", 1, dice => JumpAsync(clock, TimeSpan.FromHours(1), dice)),
                    new("clock an hour back", 1, dice => JumpAsync(clock, TimeSpan.FromHours(-1), dice)),
                ]
                : (IEnumerable<Fault>)[],
            .. WebhookFaults.Of(house.Webhooks, times),
        ];

    /// <summary>With the stand-in of Stripe: what only a gateway that is somewhere else can do, and kills meanwhile.</summary>
    public IReadOnlyList<Fault> OfGateway =>
        house.Stripe is { } stripe
            ? [new("kill -9", 6, KillAsync), .. GatewayFaults.Of(stripe, times), .. WebhookFaults.Of(house.Webhooks, times)]
            : [];

    /// <summary>At any moment: within a commit, after it and before the answer, between outbox and relay.</summary>
    private async Task KillAsync(Random dice)
    {
        await Task.Delay(dice.Next(300));
        await Host.KillAsync();
        await Task.Delay(dice.Next(400));
        await Host.StartAgainAsync(ledger);
    }

    private async Task KillStartAsync(Random dice)
    {
        await Host.KillAsync();
        Host.Launch();
        await Task.Delay(dice.Next(FaultTimes.LongestStartMilliseconds));
        await Host.KillAsync();
        await Host.StartAgainAsync(ledger);
    }

    /// <summary>The host, or who makes the backup; the other one goes on, and the next backup is good.</summary>
    private async Task KillBackupAsync(Random dice)
    {
        var path = house.NewBackup();
        using (var backup = Host.Start("backup", path))
        {
            _ = backup.StandardOutput.ReadToEndAsync();
            _ = backup.StandardError.ReadToEndAsync();
            await Eventually.Async(
                () => Task.FromResult(backup.HasExited || Directory.EnumerateFileSystemEntries(house.Shelf, Path.GetFileName(path) + "*").Any()),
                hasBegun => hasBegun,
                "the backup to begin"
            );
            await Task.Delay(dice.Next(300));
            if (dice.Next(2) == 0)
            {
                backup.Kill();
            }
            else
            {
                await Host.KillAsync();
            }

            await backup.WaitForExitAsync();
        }

        if (Host.ExitCode is not null)
        {
            await Host.StartAgainAsync(ledger);
        }

        var next = house.NewBackup();
        var (exitCode, output) = await Host.RunAsync("backup", next);
        if (exitCode != 0)
        {
            ledger.IsWrong($"the backup after one that was killed ended with {exitCode}: {output}");
        }

        foreach (var left in Directory.GetFiles(house.Shelf))
        {
            File.Delete(left);
        }
    }

    /// <summary>Beside the house: a folder of a former release, whose upgrade is killed again and again before it may come to its end.</summary>
    private async Task KillMigrationAsync(Random dice)
    {
        var names = OldFolder.Names.ToList();
        using var old = new OldFolder(names[dice.Next(names.Count)]);
        var before = Directory.GetFiles(old.Path, "*-wal").ToHashSet(StringComparer.Ordinal);
        var host = HostProcess.Prepare(("Storage:Path", old.Path));
        await using (host)
        {
            for (var kills = dice.Next(2, 5); kills > 0; kills--)
            {
                host.Launch();
                // The files are opened, and their schemas are under way.
                await Eventually.Async(
                    () => Task.FromResult(host.ExitCode is not null || Directory.GetFiles(old.Path, "*-wal").Any(file => !before.Contains(file))),
                    isUnderWay => isUnderWay,
                    "the upgrade to begin"
                );
                await Task.Delay(dice.Next(250));
                await host.KillAsync();
            }

            await host.StartAgainAsync(ledger);
            using var client = host.NewClient();
            var buyer = await TicketBoothApi.SignInAsync(client, (string)old.Told["buyer"]!, (string)old.Told["password"]!);
            foreach (var (orderId, told) in old.Told["orders"]!.AsObject())
            {
                // A hold of then has ended long ago.
                var status = (string)told! == "on_payment" ? "expired" : (string)told!;
                await buyer.WaitForOrderAsync(orderId, status);
            }

            var (exitCode, output) = await host.AuditAsync();
            if (exitCode != 0)
            {
                ledger.IsWrong($"the audit of an upgrade that was killed: {output}");
            }
        }
    }

    private async Task TerminateAsync(Random dice)
    {
        await Task.Delay(dice.Next(300));
        var took = Stopwatch.StartNew();
        await Host.StopAsync();
        if (Host.ExitCode != 0 || took.Elapsed > FaultTimes.LongestStop)
        {
            ledger.IsWrong(string.Create(CultureInfo.InvariantCulture, $"SIGTERM: ended with {Host.ExitCode} after {took.Elapsed.TotalSeconds:F1} s: {Host.Said}"));
        }

        await Host.StartAgainAsync(ledger);
    }

    private async Task FreezeAsync(Random dice)
    {
        await Host.SignalAsync("STOP");
        await Task.Delay(times.Freeze);
        await Host.SignalAsync("CONT");
    }

    private async Task FillAsync(Disk disk, Random dice)
    {
        await disk.FillAsync();
        await Task.Delay(times.Some(dice));
        disk.Free();
    }

    private async Task FillAndKillAsync(Disk disk, Random dice)
    {
        await disk.FillAsync();
        await Task.Delay(times.Some(dice) / 2);
        await Host.KillAsync();
        disk.Free();
        await Host.StartAgainAsync(ledger);
    }

    /// <summary>In the middle of a sale; then the machine is rebooted, and the disk is repaired.</summary>
    private async Task FailDiskAsync(Disk disk, Random dice)
    {
        await disk.FailAsync();
        await Task.Delay(times.Some(dice) / 2);
        await Host.KillAsync();
        await disk.RepairAsync();
        await Host.StartAgainAsync(ledger);
    }

    private async Task StartReadOnlyAsync(Disk disk)
    {
        await Host.StopAsync();
        await disk.SetReadOnlyAsync(true);
        if (await RefusesToStartAsync() is not { } said)
        {
            ledger.IsWrong("a host started on a folder that it cannot write");
            await Host.KillAsync();
        }
        else if (!said.Contains("Storage:Path", StringComparison.Ordinal))
        {
            ledger.IsWrong($"on a folder that it cannot write the host says, without the setting's name: {said}");
        }

        await disk.SetReadOnlyAsync(false);
        await Host.StartAgainAsync(ledger);
    }

    /// <summary>
    /// Of a host that was stopped: the start refuses it, or the audit names it, and the backup that was made before brings all of it back.
    /// Nobody buys meanwhile: what was told after the backup would be lost, as documented.
    /// </summary>
    private async Task DamageAsync(Random dice)
    {
        await using var closed = await load.PauseAsync();
        await Host.StopAsync();
        var backup = house.NewBackup();
        var (made, said) = await Host.RunAsync("backup", backup);
        if (made != 0)
        {
            ledger.IsWrong($"the backup of a stopped host ended with {made}: {said}");
        }

        var name = files[dice.Next(files.Length)] + ".db";
        Damage(Path.Combine(house.Data, name), dice);
        if (await RefusesToStartAsync() is { } refusal)
        {
            if (!refusal.Contains(name, StringComparison.Ordinal))
            {
                ledger.IsWrong($"{name} is damaged, and the start that refuses does not name it: {refusal}");
            }
        }
        else
        {
            await Host.KillAsync();
            var (exitCode, output) = await Host.AuditAsync();
            if (exitCode == 0 || !output.Contains(name, StringComparison.Ordinal))
            {
                ledger.IsWrong($"{name} is damaged, the host starts, and the audit ends with {exitCode} without naming it: {output}");
            }
        }

        Directory.Delete(house.Data, recursive: true);
        var (restored, told) = await Host.RunAsync("restore", backup);
        if (restored != 0)
        {
            ledger.IsWrong($"the restore ended with {restored}: {told}");
        }

        File.Delete(backup);
        await Host.StartAgainAsync(ledger);
    }

    private static void Damage(string path, Random dice)
    {
        var length = new FileInfo(path).Length;
        switch (dice.Next(4))
        {
            case 0:
                File.Delete(path);
                break;
            case 1:
                using (var cut = File.OpenWrite(path))
                {
                    cut.SetLength(length / 2);
                }

                break;
            case 2:
                Overwrite(path, 0, 4_096);
                break;
            default:
                Overwrite(path, length / 4, length / 2);
                break;
        }
    }

    private static void Overwrite(string path, long from, long count)
    {
        using var file = File.OpenWrite(path);
        file.Position = from;
        file.Write(RandomNumberGenerator.GetBytes((int)count));
    }

    /// <returns>What it said; null when it serves all the same.</returns>
    private async Task<string?> RefusesToStartAsync()
    {
        Host.Launch();
        try
        {
            await Host.WaitUntilReadyAsync();
            return null;
        }
        catch (HttpRequestException) when (Host.ExitCode is not null)
        {
            if (Host.ExitCode != 2)
            {
                ledger.IsWrong(string.Create(CultureInfo.InvariantCulture, $"a start that refuses ended with {Host.ExitCode}: {Host.Said}"));
            }

            return Host.Said;
        }
    }

    private async Task JumpAsync(Clock clock, TimeSpan by, Random dice)
    {
        clock.Jump(by);
        await Task.Delay(times.Some(dice));
    }
}
