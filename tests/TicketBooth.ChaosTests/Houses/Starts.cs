using System.Diagnostics;
using System.Globalization;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>Starts of hosts that must serve again.</summary>
internal static class Starts
{
    private static readonly TimeSpan expected = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    /// <summary>Starts a host again, and waits until it answers. One that is late, or does not, is on record, and the run goes on.</summary>
    public static async Task StartAgainAsync(this HostProcess host, Ledger ledger)
    {
        var began = TimeProvider.System.GetUtcNow();
        var took = Stopwatch.StartNew();
        host.Launch();
        string? wrong = null;
        try
        {
            await host.WaitUntilReadyAsync(longest);
            wrong = took.Elapsed > expected ? "answered" : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            wrong = host.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"had ended with {code}") : "did not answer";
        }

        if (wrong is not null)
        {
            ledger.IsWrong(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{host.Address} was started at {began:HH:mm:ss} and {wrong} after {took.Elapsed.TotalSeconds:F1} s: {host.Said}"
                )
            );
        }
    }
}
