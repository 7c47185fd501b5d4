using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>Stores, for all of a second together, which of the sandbox's webhooks were accepted.</summary>
internal sealed class StoreDeliveredCallbacksWorker(SandboxCallbacks callbacks, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)), services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken) => callbacks.StoreDeliveredAsync();
}
