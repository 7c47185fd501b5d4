using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>Everybody wants the one ticket that is taken. A refusal (409) should cost little more than to know who asks.</summary>
internal sealed class HotTicketScenario : IScenario
{
    private const int Buyers = 100;

    public string Name => "hot-ticket";

    public string Description => "Orders of one ticket that is taken: the rate and the cost of refusals.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        await using var host = await MeasuredHost.StartAsync();
        var buyers = await host.BuyersAsync(Buyers);
        var eventId = (await host.PublishAsync(1, 200))[0];
        var taken = await Api.SendAsync(host.Client, buyers[0], HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = 1 });
        var script = Scripts.OrdersOf((string)taken["tickets"]![0]!["id"]!, buyers);
        await WarmUp.RunAsync(bare, host, plan, script);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var beside = await Yardsticks.MeasureAsync(bare, host, buyers, plan, report);
            var refusals = await Cost.OfAsync(host.Cpu, () => Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, script));
            report.Require(refusals.Load.Refused == refusals.Load.Requests, "The taken ticket was sold.");
            report.Add("refusals", Unit.PerSecond, refusals.Load.Rate);
            report.Add("refusal, mean", Unit.Milliseconds, refusals.Load.Mean.TotalMilliseconds);
            report.Add("refusal, p99", Unit.Milliseconds, refusals.Load.P99.TotalMilliseconds);
            report.Add("refusal, CPU", Unit.Microseconds, refusals.MicrosecondsPerRequest);
            report.Add("refusal / bare route, CPU", Unit.Times, refusals.MicrosecondsPerRequest / beside.Bare.MicrosecondsPerRequest);
            report.Add(Measures.RefusalPerMe, Unit.Times, refusals.MicrosecondsPerRequest / beside.Me.MicrosecondsPerRequest);
            report.Add(Measures.HotRatePerMe, Unit.Times, refusals.Load.Rate / beside.Me.Load.Rate);
        }

        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }
}
