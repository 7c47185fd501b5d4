using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// The comparison with the ledger that the host makes by itself. It looks at what may have changed since the last one, and at some of what
/// has not, where the last one left off; so each order is compared again after some days, and a run does not grow with the orders there
/// are. Once something differed the next run compares everything.
/// </summary>
internal sealed class RoutineReconciliation(
    IMediator mediator,
    DashboardDbContext db,
    ReadModelWriter writer,
    DashboardZone zone,
    TimeProvider clock
) : IMaintenanceTask
{
    // Then a run compares millions of orders in a week, and takes ten seconds of a core for the old ones.
    private const int OldOrdersPerRun = 500_000;
    private const int OldHoursPerRun = 1_000;

    // Well under a second.
    private const int MostOrdersAtOnce = 20_000;

    // An order's id may have been reserved with an idempotency key a day before.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(25);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public RunKind Kind => RunKind.Reconciliation;

    public bool IsRoutine => true;

    public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var walk = new LedgerWalk(mediator, db, writer, clock, progress, cancellationToken);
        var sums = new SumComparison(db, writer, zone, walk, ForgetMinutesWorker.ComparedFrom(clock), MostOrdersAtOnce, cancellationToken);
        await walk.CompareEventsAsync();
        if (await ChangedSinceAsync(cancellationToken) is { } since)
        {
            await CompareChangedAsync(since, walk, sums, cancellationToken);
            await CompareOldAsync(since, walk, sums, cancellationToken);
        }
        else
        {
            await walk.CompareAsync(IdSpan.Everything);
            await sums.CompareAsync(IdSpan.Everything);
        }

        return await walk.EndAsync();
    }

    /// <summary>Null when everything must be compared.</summary>
    private async Task<DateTimeOffset?> ChangedSinceAsync(CancellationToken cancellationToken)
    {
        var last = await db
            .Runs.Where(run => run.Kind == RunKind.Reconciliation && run.EndedAt != null)
            .OrderByDescending(run => run.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return last is { Differences: 0 } ? last.StartedAt - Margin : null;
    }

    /// <summary>What is new, what should have ended by now, and the events that have sold.</summary>
    private async Task CompareChangedAsync(DateTimeOffset since, LedgerWalk walk, SumComparison sums, CancellationToken cancellationToken)
    {
        await walk.CompareAsync(IdSpan.Since(since));
        for (var (at, last) = (DateTimeOffset.MinValue, Guid.Empty); ;)
        {
            var open = await db
                .Orders.Where(order => order.Status == OrderStatus.OnPayment && order.PlacedAt < since && order.PlacedAt >= at)
                .Where(order => order.PlacedAt > at || order.Id.CompareTo(last) > 0)
                .OrderBy(order => order.PlacedAt)
                .ThenBy(order => order.Id)
                .Select(order => new { order.Id, order.PlacedAt })
                .Take(LedgerWalk.PageSize)
                .ToListAsync(cancellationToken);
            if (open.Count == 0)
            {
                break;
            }

            await walk.CompareAsync(open.ConvertAll(order => order.Id), []);
            (at, last) = (open[^1].PlacedAt, open[^1].Id);
        }

        var payments = await db
            .Payments.Where(payment => payment.AwaitingSince < since || payment.OwedSince < since)
            .Select(payment => payment.Id)
            .ToListAsync(cancellationToken);
        foreach (var some in payments.Chunk(LedgerWalk.PageSize))
        {
            await walk.CompareAsync([], some);
        }

        var minute = Contributions.MinuteOf(since);
        var sold = await db
            .Sales.Where(sales => sales.Span == SalesSpan.Minute && sales.At >= minute)
            .Select(sales => sales.EventId)
            .Distinct()
            .ToListAsync(cancellationToken);
        foreach (var eventId in sold)
        {
            await sums.CompareAsync(eventId);
        }
    }

    /// <summary>The next hours of the past, until enough orders were compared; at the end it begins anew.</summary>
    private async Task CompareOldAsync(DateTimeOffset since, LedgerWalk walk, SumComparison sums, CancellationToken cancellationToken)
    {
        if (await BeginningAsync(cancellationToken) is not { } beginning)
        {
            return;
        }

        var stored = await db
            .State.Where(state => state.Name == StateRow.Compared)
            .Select(state => (long?)state.Value)
            .SingleOrDefaultAsync(cancellationToken);
        // What is older than the first event belongs to its hour: nothing should be, and what is there all the same is found.
        var from = new DateTimeOffset(stored ?? 0, TimeSpan.Zero);
        var enough = walk.Orders + OldOrdersPerRun;
        for (var hours = 0; from < since && hours < OldHoursPerRun && walk.Orders < enough; hours++)
        {
            var next = (from > beginning ? from : beginning) + Window;
            var until = next < since ? next : since;
            var span = from < beginning ? IdSpan.Before(until) : IdSpan.Between(from, until);
            await walk.CompareAsync(span);
            await sums.CompareAsync(span);
            from = until;
        }

        await writer.WriteAsync((tables, _) => tables.SetAsync(StateRow.Compared, from < since ? from.UtcTicks : 0), cancellationToken);
    }

    /// <summary>When the first event was made: no order is older. Null without an event.</summary>
    private async Task<DateTimeOffset?> BeginningAsync(CancellationToken cancellationToken) =>
        (await mediator.Send(new ListEventFacts(After: null, Limit: 1), cancellationToken)).Value is [var first]
            ? TaggedId.MomentOf(first.Id)
            : null;
}
