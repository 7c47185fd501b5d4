using System.Diagnostics;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// People come, each a buyer of their own under the limits of buyers: more than there are tickets for. Seven of ten do not pay, so most tickets
/// lapse, are free again and are sold again.
/// </summary>
internal sealed class HumanScenario : IScenario
{
    private const int Events = 5;
    private const int TicketsPerEvent = 400;
    private const double VisitorsPerSecond = 50;

    // Of the duration of other loads: tickets are to lapse and to be sold again meanwhile.
    private const int Durations = 10;

    private static readonly (string Key, string Value)[] limits =
    [
        ("Booking:MaxTicketsPerBuyer", "10"),
        ("Booking:MaxHoldsPerBuyer", "3"),
        ("Booking:LapsePauseSeconds", "30"),
        ("Booking:HoldMinutes", "0.2"),
    ];

    public string Name => "human";

    public string Description => "People who browse, want four neighbours, take what is left, and let 70 % of their holds lapse.";

    public async Task RunAsync(Plan plan, Report report)
    {
        var count = (int)(VisitorsPerSecond * plan.Duration.TotalSeconds * Durations);
        await using var host = await MeasuredHost.StartAsync(limits);
        var buyers = await host.BuyersAsync(count);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var browsing = new Browsing(await host.PublishAsync(Events, TicketsPerEvent));
            var (before, cpu) = (await host.FollowedAsync(), host.Cpu.Used);
            var visitors = buyers
                .Select(
                    (token, number) =>
                        new Visitor(
                            host.At("/"),
                            token,
                            browsing,
                            new Random(unchecked((plan.Seed * 1_000_003) + (round * count) + number))
                        )
                )
                .ToList();
            await ComeAsync(visitors);
            var (sold, ended) = (visitors.Where(visitor => visitor.HasPaid).Sum(visitor => visitor.Held), Stopwatch.StartNew());

            // The last holds lapse, and what nobody paid is free again.
            await Settling.WaitAsync(host, ended, now => now.Taken - before.Taken == sold);
            report.Add("CPU per visitor, settled", Unit.Microseconds, (host.Cpu.Used - cpu).TotalMicroseconds / count);
            report.Add("all that was not paid is free again after", Unit.Seconds, ended.Elapsed.TotalSeconds);
            AddTo(report, visitors, sold);
        }

        await Settling.EmptyOutboxesAsync(host);
        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }

    /// <summary>They come at even distances and do not wait for each other.</summary>
    private static async Task ComeAsync(List<Visitor> visitors)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            visitors.Select(
                async (visitor, number) =>
                {
                    var early = TimeSpan.FromSeconds(number / VisitorsPerSecond) - watch.Elapsed;
                    await Task.Delay(early > TimeSpan.Zero ? early : TimeSpan.Zero);
                    await visitor.VisitAsync();
                }
            )
        );
    }

    private static void AddTo(Report report, List<Visitor> visitors, int sold)
    {
        var all = new OpenLoopResult([.. visitors.SelectMany(visitor => visitor.Done)], TimeSpan.Zero);
        report.Require(all.Faults == 0, "Some requests were answered with 5xx.");
        report.Add("visitors", Unit.Count, visitors.Count);
        report.Add("got their four neighbours", Unit.Percent, Share(visitors, visitor => visitor.GotNeighbours));
        report.Add("took what was left", Unit.Percent, Share(visitors, visitor => visitor is { Held: > 0, GotNeighbours: false }));
        report.Add("went away with nothing", Unit.Percent, Share(visitors, visitor => visitor.Held == 0));
        report.Add("paid", Unit.Percent, Share(visitors, visitor => visitor.HasPaid));
        report.Add("tickets sold of those on sale", Unit.Percent, 100.0 * sold / (Events * TicketsPerEvent));
        foreach (var kind in all.Kinds)
        {
            report.Add(kind + ", mean", Unit.Milliseconds, all.Times(kind).Mean.TotalMilliseconds);
            report.Add(kind + ", p99", Unit.Milliseconds, all.Times(kind).Within(0.99).TotalMilliseconds);
        }
    }

    private static double Share(List<Visitor> visitors, Func<Visitor, bool> isSo) => 100.0 * visitors.Count(isSo) / visitors.Count;
}
