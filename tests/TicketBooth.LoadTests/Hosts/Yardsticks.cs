using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>What stands beside every figure, taken in the same round: a bare Kestrel route, and the host's cheapest requests.</summary>
/// <param name="Bare">The bare route.</param>
/// <param name="Live"><c>/health/live</c>.</param>
/// <param name="Me"><c>/accounts/me</c>, the cheapest request of somebody who has signed in.</param>
internal sealed record Yardsticks(Cost Bare, Cost Live, Cost Me)
{
    public static async Task<Yardsticks> MeasureAsync(
        BareHost bare,
        MeasuredHost host,
        IReadOnlyList<string> buyers,
        Plan plan,
        Report report
    )
    {
        var ofBare = await Cost.OfAsync(bare.Cpu, () => Wrk.RunAsync(bare.Address, plan.Connections, plan.Duration));
        var ofLive = await Cost.OfAsync(host.Cpu, () => Wrk.RunAsync(host.At("/health/live"), plan.Connections, plan.Duration));
        var script = Scripts.Get("/api/v1/accounts/me", buyers);
        var ofMe = await Cost.OfAsync(host.Cpu, () => Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, script));
        report.Add("bare Kestrel route", Unit.PerSecond, ofBare.Load.Rate);
        report.Add("bare Kestrel route, CPU", Unit.Microseconds, ofBare.MicrosecondsPerRequest);
        report.Add("live, CPU", Unit.Microseconds, ofLive.MicrosecondsPerRequest);
        report.Add("me", Unit.PerSecond, ofMe.Load.Rate);
        report.Add("me, CPU", Unit.Microseconds, ofMe.MicrosecondsPerRequest);
        report.Add("live / bare route, CPU", Unit.Times, ofLive.MicrosecondsPerRequest / ofBare.MicrosecondsPerRequest);
        report.Add(Measures.MePerBare, Unit.Times, ofMe.MicrosecondsPerRequest / ofBare.MicrosecondsPerRequest);
        return new Yardsticks(ofBare, ofLive, ofMe);
    }
}
