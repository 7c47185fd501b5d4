using MediatR;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// Compares the read model with the ledger when somebody asks for it: every event, order and payment both ways, and every sum with the
/// orders that it is the sum of.
/// </summary>
internal sealed class Reconciliation(
    IMediator mediator,
    DashboardDbContext db,
    ReadModelWriter writer,
    DashboardZone zone,
    TimeProvider clock
) : IMaintenanceTask
{
    public RunKind Kind => RunKind.Reconciliation;

    public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var walk = new LedgerWalk(mediator, db, writer, clock, progress, cancellationToken);
        await walk.CompareEventsAsync();
        await walk.CompareAsync(IdSpan.Everything);
        var minutesFrom = ForgetMinutesWorker.ComparedFrom(clock);
        await new SumComparison(db, writer, zone, walk, minutesFrom, mostAtOnce: long.MaxValue, cancellationToken).CompareAsync(
            IdSpan.Everything
        );
        return await walk.EndAsync();
    }
}
