using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>People look at events: first while nothing changes, then while orders come in, each of which changes what they see.</summary>
internal sealed class BrowseScenario : IScenario
{
    private const int Events = 50;
    private const int Buyers = 20;
    private const int Addresses = 5_000;
    private const double OrdersPerSecond = 200;

    public string Name => "browse";

    public string Description => "Reads of events, lists and tickets, alone and beside 200 orders a second.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        await using var host = await MeasuredHost.StartAsync();
        var buyers = await host.BuyersAsync(Buyers);
        var events = await host.PublishAsync(Events, 10_000);
        var (random, browsing) = (new Random(plan.Seed), new Browsing(events));
        var reads = Scripts.Get(Enumerable.Range(0, Addresses).Select(_ => browsing.Next(random)).ToList());
        await WarmUp.RunAsync(bare, host, plan, reads);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var beside = await Yardsticks.MeasureAsync(bare, host, buyers, plan, report);
            var quiet = await Cost.OfAsync(host.Cpu, () => Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, reads));
            Add(report, "reads", quiet.Load);
            report.Add("read, CPU", Unit.Microseconds, quiet.MicrosecondsPerRequest);
            report.Add("read / bare route, CPU", Unit.Times, quiet.MicrosecondsPerRequest / beside.Bare.MicrosecondsPerRequest);
            report.Add("read rate / bare route's rate", Unit.Times, quiet.Load.Rate / beside.Bare.Load.Rate);

            var before = await host.MetricsAsync();
            var selling = new OpenLoop(host.At("/"), OrdersPerSecond, plan.Duration).RunAsync(
                number => OrderOf(buyers, events, number),
                (_, _) => { }
            );
            Add(report, "reads beside orders", await Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, reads));
            var sold = await selling;
            report.Require(sold.All.All(done => done.Status == 201), "Some orders were refused.");
            report.Add("order beside reads, p99", Unit.Milliseconds, sold.Times().Within(0.99).TotalMilliseconds);
            AddSources(report, before, await host.MetricsAsync());
            await Settling.EmptyOutboxesAsync(host);
        }

        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }

    private static Request OrderOf(IReadOnlyList<string> buyers, IReadOnlyList<string> events, int number) =>
        Request.Post(
            "order",
            "/api/v1/orders",
            buyers[number % buyers.Count],
            $$"""{"eventId":"{{events[number % events.Count]}}","quantity":1}"""
        );

    private static void Add(Report report, string name, WrkResult reads)
    {
        report.Require(reads.Refused == 0, "Some reads were refused.");
        report.Add(name, Unit.PerSecond, reads.Rate);
        report.Add(name + ", mean", Unit.Milliseconds, reads.Mean.TotalMilliseconds);
        report.Add(name + ", p99", Unit.Milliseconds, reads.P99.TotalMilliseconds);
    }

    private static void AddSources(Report report, MetricsPage before, MetricsPage after)
    {
        var (memory, shared, loaded) = (Grown("remembered"), Grown("shared"), Grown("loaded"));
        var all = Math.Max(1, memory + shared + loaded);
        report.Add("answered from memory", Unit.Percent, 100 * memory / all);
        report.Add("answered from the store", Unit.Percent, 100 * loaded / all);

        double Grown(string source) =>
            after.Sum($"ticketbooth_events_reads_{source}_total") - before.Sum($"ticketbooth_events_reads_{source}_total");
    }
}
