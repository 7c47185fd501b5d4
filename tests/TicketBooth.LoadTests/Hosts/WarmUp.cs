using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>Code is compiled anew when it is much used; what is measured is a host that has served for a while.</summary>
internal static class WarmUp
{
    // After so many durations of the load that will be measured, little is left to compile.
    public const int Durations = 3;

    /// <param name="script">The load that will be measured.</param>
    public static async Task RunAsync(BareHost bare, MeasuredHost host, Plan plan, string script)
    {
        await Wrk.RunAsync(bare.Address, plan.Connections, plan.Duration);
        await Wrk.RunAsync(host.At("/health/live"), plan.Connections, plan.Duration);
        await Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration * Durations, script);
        await Settling.EmptyOutboxesAsync(host);
    }
}
