using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>Listens for other hosts' changes, and sends the heartbeats that prove that this host hears of them.</summary>
internal sealed class SendHeartbeatWorker(SharedReads shared, WorkServices services)
    : PeriodicWork(new WorkSchedule(Interval) { StartsAtOnce = true }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await shared.ListenAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => shared.SendHeartbeatAsync();
}
