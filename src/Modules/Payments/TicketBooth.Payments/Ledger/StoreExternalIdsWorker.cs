using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Ledger;

/// <summary>Stores the gateway's ids of payments about which it has not reported at once.</summary>
internal sealed class StoreExternalIdsWorker(NewExternalIds ids, PaymentLedger ledger, WorkServices services)
    : PeriodicWork(new WorkSchedule(Interval), services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // As many as the store commits together.
    private const int SideBySide = 512;

    /// <summary>Stores all of them: whoever stops a host does not crash it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreAsync(TimeSpan.Zero, cancellationToken);
    }

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => StoreAsync(Interval, cancellationToken);

    private Task StoreAsync(TimeSpan waited, CancellationToken cancellationToken) =>
        EachAsync(ids.Waiting(waited), (id, _) => ledger.StoreExternalIdAsync(id), cancellationToken, SideBySide);
}
