using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// Rebuilds the read model from the modules' own data, which are the ledger, while selling goes on. Every row is replaced, rows that the
/// ledger does not have are removed, and all sums of sales are computed again. Messages that arrive meanwhile merge as always, so pages
/// show true figures during a rebuild, and nothing needs to catch up afterwards.
/// </summary>
/// <remarks>
/// A host without the module Admissions leaves what is known of the doors as it is: without their ledger nothing is to be rebuilt from.
/// </remarks>
internal sealed class Rebuild(IMediator mediator, IServiceProvider services, ReadModelWriter writer, DashboardZone zone) : IMaintenanceTask
{
    private const int PageSize = 500;

    public RunKind Kind => RunKind.Rebuild;

    public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        await writer.WriteAsync((tables, _) => tables.NewGenerationAsync(), cancellationToken);
        await CopyAsync(
            after => mediator.Send(new ListEventFacts(after, PageSize), cancellationToken),
            facts => facts.Id,
            facts => new EventUpdate(facts, IsLedger: true),
            _ => progress(0),
            cancellationToken
        );
        var orders = await CopyAsync(
            after => mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken),
            facts => facts.OrderId,
            OrderUpdate.Of,
            progress,
            cancellationToken
        );
        await CopyAsync(
            after => mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken),
            facts => facts.PaymentId,
            PaymentUpdate.Of,
            _ => progress(orders),
            cancellationToken
        );
        await RemoveUnknownEventsAsync(cancellationToken);
        var removed = await RemoveUnseenAsync(() => progress(orders), cancellationToken);
        await RecountAsync(() => progress(orders), cancellationToken);
        if (DoorLedger.IsHere(services))
        {
            await RebuildDoorsAsync(() => progress(orders), cancellationToken);
        }

        return new Findings(
            orders,
            removed,
            removed == 0 ? [] : [FormattableString.Invariant($"{removed} orders were removed that the ledger does not have.")]
        );
    }

    /// <returns>How many facts were copied.</returns>
    private async Task<long> CopyAsync<T>(
        Func<Guid?, Task<Result<IReadOnlyList<T>>>> next,
        Func<T, Guid> id,
        Func<T, ReadModelUpdate> update,
        Func<long, Task> progress,
        CancellationToken cancellationToken
    )
    {
        var done = 0L;
        Guid? after = null;
        while (true)
        {
            IReadOnlyList<T> page = [];
            await writer.ApplyLedgerAsync(async () => [.. (page = (await next(after)).Value).Select(update)], cancellationToken);
            if (page.Count == 0)
            {
                return done;
            }

            after = id(page[^1]);
            await progress(done += page.Count);
        }
    }

    private Task RemoveUnknownEventsAsync(CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async (tables, _) =>
            {
                foreach (var some in (await tables.EventIdsAsync()).Chunk(PageSize))
                {
                    var known = (await mediator.Send(new GetEventFacts(some), cancellationToken))
                        .Value.Where(facts => facts.IsPublished)
                        .Select(facts => facts.Id);
                    var unknown = some.Except(known).ToList();
                    if (unknown.Count > 0)
                    {
                        await tables.RemoveEventsAsync(unknown);
                    }
                }
            },
            cancellationToken
        );

    private async Task<long> RemoveUnseenAsync(Func<Task> progress, CancellationToken cancellationToken)
    {
        var removed = 0L;
        var isMore = true;
        while (isMore)
        {
            await writer.WriteAsync(
                async (tables, generation) =>
                {
                    var unseen = await tables.UnseenOrdersAsync(generation, PageSize);
                    isMore = unseen.Count > 0;
                    if (isMore)
                    {
                        removed += unseen.Count;
                        await tables.RemoveOrdersAsync([.. unseen.Select(order => order.Id)]);
                    }
                    else
                    {
                        await tables.RemoveUnseenPaymentsAsync(generation);
                    }
                },
                cancellationToken
            );
            await progress();
        }

        return removed;
    }

    /// <summary>One transaction per event, so that none of its orders changes while they are counted.</summary>
    private async Task RecountAsync(Func<Task> progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> events = [];
        await writer.WriteAsync(async (tables, _) => events = await tables.EventsWithSalesAsync(), cancellationToken);
        foreach (var eventId in events)
        {
            await writer.WriteAsync(
                async (tables, _) =>
                {
                    await tables.RemoveSalesAsync(eventId);
                    await tables.AddAsync(await tables.CountAsync(eventId, zone.Zone));
                },
                cancellationToken
            );
            await progress();
        }
    }

    private async Task RebuildDoorsAsync(Func<Task> progress, CancellationToken cancellationToken)
    {
        await CopyAsync(
            after => mediator.Send(new ListPassageFacts(after, PageSize), cancellationToken),
            facts => facts.ScanId,
            PassageUpdate.Of,
            _ => progress(),
            cancellationToken
        );
        IReadOnlyList<Guid> events = [];
        await writer.WriteAsync(
            async (tables, generation) =>
            {
                await tables.Doors.RemoveUnseenAsync(generation);
                events = await tables.Doors.EventIdsAsync();
            },
            cancellationToken
        );
        foreach (var eventId in events)
        {
            await writer.WriteAsync((tables, _) => tables.Doors.RecountAsync(eventId), cancellationToken);
            await progress();
        }
    }
}
