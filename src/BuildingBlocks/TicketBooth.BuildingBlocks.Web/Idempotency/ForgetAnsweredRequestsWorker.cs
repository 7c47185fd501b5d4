using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web.Idempotency;

/// <summary>Deletes answers that no longer count.</summary>
internal sealed class ForgetAnsweredRequestsWorker(IAnsweredRequests answered, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromHours(1)) { StartsAtOnce = true }, services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        answered.ForgetAsync(Clock.GetUtcNow() - IdempotencyKeys.Remembered);
}
