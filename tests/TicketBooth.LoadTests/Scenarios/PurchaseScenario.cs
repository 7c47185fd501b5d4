using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>Orders of one ticket each, best available, as fast as they are answered, and what they cost until everybody has followed.</summary>
internal sealed class PurchaseScenario : IScenario
{
    private const int Events = 100;
    private const int TicketsPerEvent = 10_000;
    private const int Buyers = 100;

    public string Name => "purchase";

    public string Description => "Orders as fast as they are answered: their rate, and their cost until everything has settled.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        await using var host = await MeasuredHost.StartAsync();
        var buyers = await host.BuyersAsync(Buyers);
        var orders = Scripts.Orders(buyers, await host.PublishAsync(Events, TicketsPerEvent));
        await WarmUp.RunAsync(bare, host, plan, orders);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var beside = await Yardsticks.MeasureAsync(bare, host, buyers, plan, report);
            var sale = await Sale.MeasureAsync(host, () => Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, orders));
            sale.AddTo(report);
            report.Add(Measures.SettledPerBare, Unit.Times, sale.MicrosecondsSettled / beside.Bare.MicrosecondsPerRequest);
            report.Add(Measures.SettledPerLive, Unit.Times, sale.MicrosecondsSettled / beside.Live.MicrosecondsPerRequest);
            report.Add("order rate, on credit / bare route's rate", Unit.Times, sale.Load.Rate / beside.Bare.Load.Rate);
            report.Add(Measures.RatePerBare, Unit.Times, sale.RateKeptUp / beside.Bare.Load.Rate);
        }

        report.Add(Measures.Memory, Unit.Megabytes, host.Cpu.LargestResident / 1e6);
        await Settling.EmptyOutboxesAsync(host);
        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }
}
