using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TicketBooth.LoadTests.Loads;

/// <summary>
/// Asks as fast as it is answered, with a number of requests in flight (a closed loop): wrk, which takes little of the cores that the host
/// needs. Its times leave out what a buyer would have waited before asking; <see cref="OpenLoop"/> does not.
/// </summary>
internal static partial class Wrk
{
    private const string Report = """

        done = function(summary, latency, requests)
          io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency.mean, latency:percentile(99), summary.errors.status))
        end
        """;

    /// <param name="address">Where the requests go, unless the script says otherwise.</param>
    /// <param name="connections">Requests in flight.</param>
    /// <param name="duration">How long.</param>
    /// <param name="script">In Lua, what to ask; without one, GET of the address.</param>
    public static async Task<WrkResult> RunAsync(Uri address, int connections, TimeSpan duration, string script = "")
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script + Report);
            var seconds = string.Create(CultureInfo.InvariantCulture, $"-d{duration.TotalSeconds:F0}s");
            var start = new ProcessStartInfo("wrk", ["-t2", $"-c{connections}", seconds, "-s", file, address.ToString()])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start.");
            var output = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            return Parse(output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static WrkResult Parse(string output)
    {
        var result = Result().Match(output);
        if (!result.Success)
        {
            throw new InvalidOperationException("wrk said: " + output);
        }

        var figures = result.Groups["figure"].Captures.Select(figure => long.Parse(figure.Value, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult(
            figures[0],
            TimeSpan.FromMicroseconds(figures[1]),
            TimeSpan.FromMicroseconds(figures[2]),
            TimeSpan.FromMicroseconds(figures[3]),
            figures[4]
        );
    }

    [GeneratedRegex(@"RESULT(?: (?<figure>\d+)){5}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Result();
}

/// <param name="Requests">That were answered.</param>
/// <param name="Refused">How many of them were not 2xx.</param>
internal sealed record WrkResult(long Requests, TimeSpan Duration, TimeSpan Mean, TimeSpan P99, long Refused)
{
    public double Rate => Requests / Duration.TotalSeconds;
}
