using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// The mix of a sale at the rate of the customer's peak day, for as long as is wanted. Each minute is measured like any other, so what grows
/// shows: the last tenth of the minutes stands beside the first one.
/// </summary>
internal sealed class SoakScenario : IScenario
{
    private const int FewestEvents = 50;
    private const int TicketsPerEvent = 10_000;
    private const int Buyers = 500;
    private const double Rate = 555;

    private static readonly TimeSpan window = TimeSpan.FromMinutes(1);

    public string Name => "soak";

    public string Description => "The mix at 555/s for --minutes, and whether the last minutes are as good as the first.";

    public async Task RunAsync(Plan plan, Report report)
    {
        await using var host = await MeasuredHost.StartAsync();
        var buyers = await host.BuyersAsync(Buyers);
        var events = Math.Max(FewestEvents, (int)(Rate * Shopping.Orderers * 60 * (plan.Minutes + 2) / TicketsPerEvent));
        var shopping = new Shopping(new Browsing(await host.PublishAsync(events, TicketsPerEvent)), buyers, plan.Seed);
        var minutes = new List<Minute>();
        await MeasureAsync(host, shopping, 0);
        for (var minute = 1; minute <= plan.Minutes; minute++)
        {
            minutes.Add(await MeasureAsync(host, shopping, minute));
        }

        AddGrowth(report, "mean", Unit.Milliseconds, minutes, minute => minute.Result.Times().Mean.TotalMilliseconds);
        AddGrowth(report, "p99", Unit.Milliseconds, minutes, minute => minute.Result.Times().Within(0.99).TotalMilliseconds);
        AddGrowth(report, "CPU per request", Unit.Microseconds, minutes, minute => minute.Cpu.TotalMicroseconds / minute.Result.All.Count);
        AddGrowth(report, "memory", Unit.Megabytes, minutes, minute => minute.Resident / 1e6);
        report.Add("followers behind, the most", Unit.Seconds, minutes.Max(minute => minute.Behind.TotalSeconds));
        report.Add("requests", Unit.Count, minutes.Sum(minute => minute.Result.All.Count));
        report.Require(minutes.TrueForAll(minute => minute.Result.Faults == 0), "Some requests were answered with 5xx.");
        await Settling.EmptyOutboxesAsync(host);
        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }

    private static async Task<Minute> MeasureAsync(MeasuredHost host, Shopping shopping, int number)
    {
        var watch = LagWatch.Start(host, await host.MetricsAsync(), await host.FollowedAsync());
        var cpu = host.Cpu.Used;
        var requests = (int)(Rate * window.TotalSeconds);
        var result = await new OpenLoop(host.At("/"), Rate, window).RunAsync(
            of => shopping.Next((number * requests) + of),
            shopping.Answered
        );
        return new Minute(result, host.Cpu.Used - cpu, host.Cpu.Resident, (await watch.EndAsync()).Longest);
    }

    private static void AddGrowth(Report report, string name, string unit, List<Minute> minutes, Func<Minute, double> figure)
    {
        var tenth = Math.Max(1, minutes.Count / 10);
        var (first, last) = (minutes.Take(tenth).Average(figure), minutes.TakeLast(tenth).Average(figure));
        report.Add(name + ", at first", unit, first);
        report.Add(name + ", at last", unit, last);
        report.Add(name + ", at last / at first", Unit.Times, last / first);
    }

    private sealed record Minute(OpenLoopResult Result, TimeSpan Cpu, long Resident, TimeSpan Behind);
}
