using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Tokens;

/// <summary>Learns of those who signed out at another host, so that their access tokens end here too.</summary>
internal sealed class FollowSignOutsWorker(SignOuts signOuts, WorkServices services) : PeriodicWork(new WorkSchedule(Interval), services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => signOuts.ReadAsync(cancellationToken);
}
