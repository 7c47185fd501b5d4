using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Faults;

/// <summary>What happens to two hosts and their servers.</summary>
internal sealed class DistributedFaults(DistributedHouse house, Ledger ledger, FaultTimes times)
{
    private static readonly TimeSpan leastDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan mostDelay = TimeSpan.FromMilliseconds(400);

    public IReadOnlyList<Fault> All =>
        [
            new("kill -9 of a host", 12, KillAsync),
            new("kill -9 of both hosts", 1, KillBothAsync),
            new("SIGTERM of a host", 2, TerminateAsync),
            new("SIGSTOP of a host", 1, FreezeAsync),
            .. Servers.Names.Select(name => new Fault($"{name} stopped", 2, dice => StopAsync([name], dice))),
            .. Servers.Names.Select(name => new Fault($"{name} frozen", 2, dice => FreezeAsync([name], dice))),
            .. Servers.Names.Select(name => new Fault($"{name} slow", 1, dice => SlowAsync(name, dice))),
            new("two servers stopped", 2, dice => StopAsync(Some(dice, 2), dice)),
            new("all servers frozen", 1, dice => FreezeAsync(Servers.Names, dice)),
            new("a server stopped and a host killed", 2, StopAndKillAsync),
            .. WebhookFaults.Of(house.Webhooks, times),
        ];

    private HostProcess One(Random dice) => house.Hosts[dice.Next(house.Hosts.Count)];

    private static List<string> Some(Random dice, int count)
    {
        var names = Servers.Names.ToArray();
        dice.Shuffle(names);
        return [.. names.Take(count)];
    }

    private async Task KillAsync(Random dice)
    {
        var host = One(dice);
        await Task.Delay(dice.Next(300));
        await host.KillAsync();
        // The other one goes on, and takes over what this one was at.
        await Task.Delay(times.Some(dice) / 2);
        await host.StartAgainAsync(ledger);
    }

    private async Task KillBothAsync(Random dice)
    {
        await Task.WhenAll(house.Hosts.Select(host => host.KillAsync()));
        await Task.Delay(dice.Next(500));
        await Task.WhenAll(house.Hosts.Select(host => host.StartAgainAsync(ledger)));
    }

    private async Task TerminateAsync(Random dice)
    {
        var host = One(dice);
        await host.StopAsync();
        await host.StartAgainAsync(ledger);
    }

    private async Task FreezeAsync(Random dice)
    {
        var host = One(dice);
        await host.SignalAsync("STOP");
        await Task.Delay(times.Freeze);
        await host.SignalAsync("CONT");
    }

    private async Task StopAsync(IReadOnlyList<string> names, Random dice)
    {
        foreach (var name in names)
        {
            await house.Servers.StopAsync(name);
        }

        await Task.Delay(times.Some(dice));
        foreach (var name in names)
        {
            await house.Servers.StartAgainAsync(name);
        }
    }

    private async Task FreezeAsync(IReadOnlyList<string> names, Random dice)
    {
        foreach (var name in names)
        {
            await house.Servers.SignalAsync(name, "STOP");
        }

        await Task.Delay(times.Some(dice));
        foreach (var name in names)
        {
            await house.Servers.SignalAsync(name, "CONT");
        }
    }

    private async Task SlowAsync(string name, Random dice)
    {
        await house.Servers.SlowAsync(name, leastDelay + ((mostDelay - leastDelay) * dice.NextDouble()));
        await Task.Delay(times.Some(dice));
        await house.Servers.SlowAsync(name, TimeSpan.Zero);
    }

    private async Task StopAndKillAsync(Random dice)
    {
        var (name, host) = (Some(dice, 1)[0], One(dice));
        await house.Servers.StopAsync(name);
        await Task.Delay(times.Some(dice) / 3);
        await host.KillAsync();
        await Task.Delay(times.Some(dice) / 3);
        await house.Servers.StartAgainAsync(name);
        await host.StartAgainAsync(ledger);
    }
}
