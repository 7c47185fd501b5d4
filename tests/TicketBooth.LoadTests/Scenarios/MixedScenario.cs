using System.Diagnostics;
using System.Globalization;
using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// A sale as it comes: 80 % look, 15 % order, 5 % pay, at the rate of the customer's peak day and at ten times that, however slowly they are
/// answered.
/// </summary>
internal sealed class MixedScenario : IScenario
{
    private const int Events = 50;
    private const int Buyers = 500;

    // Tails need more requests than means.
    private const int LoadsPerRound = 4;

    private static readonly int[] rates = [555, 5_550];

    public string Name => "mixed";

    public string Description => "80 % reads, 15 % orders, 5 % payments at fixed rates of 555/s and 5,550/s, timed from when each was due.";

    public async Task RunAsync(Plan plan, Report report)
    {
        await using var host = await MeasuredHost.StartAsync();
        var buyers = await host.BuyersAsync(Buyers);
        var browsing = new Browsing(await host.PublishAsync(Events, 10_000));
        await LoadAsync(host, new Shopping(browsing, buyers, plan.Seed), rates[^1], plan.Duration * LoadsPerRound);
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var rate in rates)
            {
                var shopping = new Shopping(browsing, buyers, plan.Seed + round + 1);
                var (result, cpu, lag) = await LoadAsync(host, shopping, rate, plan.Duration * LoadsPerRound);
                AddTo(report, string.Create(CultureInfo.InvariantCulture, $"{rate:N0}/s: "), result, cpu, lag);
            }
        }

        report.Add(Measures.Memory, Unit.Megabytes, host.Cpu.LargestResident / 1e6);
        await Settling.EmptyOutboxesAsync(host);
        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }

    private static async Task<(OpenLoopResult Result, TimeSpan Cpu, Lag Lag)> LoadAsync(
        MeasuredHost host,
        Shopping shopping,
        double rate,
        TimeSpan duration
    )
    {
        var (followed, metrics, cpu) = (await host.FollowedAsync(), await host.MetricsAsync(), host.Cpu.Used);
        var watch = LagWatch.Start(host, metrics, followed);
        var result = await new OpenLoop(host.At("/"), rate, duration).RunAsync(shopping.Next, shopping.Answered);
        var lag = await watch.EndAsync();
        var (placed, paid) = (result.Count(Shopping.Order, 201), result.Count(Shopping.Pay, 202));
        await Settling.WaitAsync(host, Stopwatch.StartNew(), now =>
            now.Placed - followed.Placed == placed && now.Taken - followed.Taken == placed && now.Paid - followed.Paid == paid
        );
        return (result, host.Cpu.Used - cpu, lag);
    }

    private static void AddTo(Report report, string rate, OpenLoopResult result, TimeSpan cpu, Lag lag)
    {
        var all = result.Times();
        report.Require(result.Faults == 0, "Some requests were answered with 5xx.");
        report.Add(rate + "answered", Unit.PerSecond, result.Rate);
        report.Add(rate + "mean", Unit.Milliseconds, all.Mean.TotalMilliseconds);
        report.Add(rate + "p99", Unit.Milliseconds, all.Within(0.99).TotalMilliseconds);
        report.Add(rate + "longest", Unit.Milliseconds, all.Longest.TotalMilliseconds);
        foreach (var kind in result.Kinds)
        {
            var times = result.Times(kind);
            report.Add($"{rate}{kind}, mean", Unit.Milliseconds, times.Mean.TotalMilliseconds);
            report.Add($"{rate}{kind}, p99", Unit.Milliseconds, times.Within(0.99).TotalMilliseconds);
        }

        report.Add(rate + "CPU per request, settled", Unit.Microseconds, cpu.TotalMicroseconds / all.Count);
        report.Add(rate + "followers behind, the most", Unit.Seconds, lag.Longest.TotalSeconds);
    }
}
