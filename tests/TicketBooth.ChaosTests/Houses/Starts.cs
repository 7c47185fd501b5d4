using System.Diagnostics;
using System.Globalization;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>Starts of hosts that must serve again.</summary>
internal static class Starts
{
    // On a machine with a load of 40 a start takes two minutes. How long it took is part of the outage.
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    /// <summary>Starts a host again, and waits until it answers. One that does not is on record, and the run goes on.</summary>
    public static async Task StartAgainAsync(this HostProcess host, Ledger ledger)
    {
        var began = TimeProvider.System.GetUtcNow();
        var took = Stopwatch.StartNew();
        host.Launch();
        try
        {
            await host.WaitUntilReadyAsync(longest);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            var wrong = host.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"had ended with {code}") : "did not answer";
            ledger.IsWrong(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{host.Address} was started at {began:HH:mm:ss} and {wrong} after {took.Elapsed.TotalSeconds:F1} s: {host.Said}"
                )
            );
        }
    }
}
