using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>
/// Sends the sandbox's webhooks that a host which died has left behind. Only where there are several hosts, and at one of them at a time:
/// a single host sends what is left when it starts again.
/// </summary>
internal sealed class SendAbandonedCallbacksWorker(ISandboxLedger ledger, SandboxCallbacks callbacks, WorkServices services)
    : PeriodicWork(
        new WorkSchedule(Interval)
        {
            StartsAtOnce = true,
            Lease = "sandbox callbacks",
            LeaseTime = 3 * Interval,
        },
        services
    )
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Longer than a living host needs to send what is due.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromSeconds(5);

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var callback in await ledger.UndeliveredAsync(Clock.GetUtcNow() - AbandonedAfter))
        {
            callbacks.SendStored(callback);
        }
    }
}
