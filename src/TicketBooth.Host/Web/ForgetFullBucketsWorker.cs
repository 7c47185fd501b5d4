using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Host.Web;

/// <summary>Forgets the rate limits' buckets of those who have not come for a while.</summary>
internal sealed class ForgetFullBucketsWorker(RateLimitPolicies policies, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(10)), services)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken)
    {
        policies.ForgetFullBuckets();
        return Task.CompletedTask;
    }
}
