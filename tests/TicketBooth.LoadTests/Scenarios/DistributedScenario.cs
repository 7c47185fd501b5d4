using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// Orders at one host on MongoDB, Redis, Kafka and MySQL, beside a bare loop of inserts of the same documents. The servers of tests/servers sync
/// nothing to disk, so the ratio counts and not the rate.
/// </summary>
internal sealed class DistributedScenario : IScenario
{
    private const int Events = 50;
    private const int Buyers = 100;

    public string Name => "distributed";

    public string Description => "Orders on the four servers, beside bare inserts of the same documents.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        await using var servers = await Servers.TakeAsync();
        await using var host = await MeasuredHost.StartAsync(servers.Settings);
        var buyers = await host.BuyersAsync(Buyers);
        var orders = Scripts.Orders(buyers, await host.PublishAsync(Events, 10_000));
        await WarmUp.RunAsync(bare, host, plan, orders);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var beside = await Yardsticks.MeasureAsync(bare, host, buyers, plan, report);
            var sale = await Sale.MeasureAsync(host, () => Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, orders));
            var inserts = await servers.InsertBareAsync(plan.Duration);
            sale.AddTo(report);
            report.Add("bare inserts", Unit.PerSecond, inserts);
            report.Add(Measures.DistributedPerInserts, Unit.Times, sale.Load.Rate / inserts);
            report.Add("order rate, followers at most 1 s behind / bare inserts", Unit.Times, sale.RateKeptUp / inserts);
            report.Add(Measures.SettledPerBare, Unit.Times, sale.MicrosecondsSettled / beside.Bare.MicrosecondsPerRequest);
        }

        await Settling.EmptyOutboxesAsync(host);
        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }
}
