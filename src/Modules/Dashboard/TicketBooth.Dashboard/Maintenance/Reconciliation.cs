using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// Compares the read model with the ledger: every event, order and payment both ways, and every sum with the orders that it is the sum of.
/// A difference may only mean that a message is still under way. Such suspects are compared again for as long as some of them disappear;
/// what remains is a difference.
/// </summary>
internal sealed class Reconciliation(
    IMediator mediator,
    DashboardDbContext db,
    ReadModelWriter writer,
    DashboardZone zone,
    TimeProvider clock
) : IMaintenanceTask
{
    private const int PageSize = 500;
    private const int MostLines = 100;

    /// <summary>
    /// While messages are under way, the pause between two of them is shorter. A broker takes ten seconds to notice that a host is gone.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly LedgerComparison comparison = new(db);
    private readonly List<string> lines = [];
    private long differences;
    private long seen;

    public RunKind Kind => RunKind.Reconciliation;

    public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var events = await SuspectsAsync(
            after => mediator.Send(new ListEventFacts(after, PageSize), cancellationToken),
            facts => facts.Id,
            facts => comparison.OfEventsAsync(facts, cancellationToken),
            _ => progress(0)
        );
        var orders = await SuspectsAsync(
            after => mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken),
            facts => facts.OrderId,
            facts => comparison.OfOrdersAsync(facts, cancellationToken),
            done => progress(seen = done)
        );
        var payments = await SuspectsAsync(
            after => mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken),
            facts => facts.PaymentId,
            facts => comparison.OfPaymentsAsync(facts, cancellationToken),
            _ => progress(seen)
        );
        await CompareSuspectsAsync(events, orders, payments, () => progress(seen), cancellationToken);
        await FindUnknownAsync(
            "event",
            after => db.Events.Where(row => row.Id.CompareTo(after) > 0).OrderBy(row => row.Id).Select(row => row.Id),
            async ids => (await EventsAsync(ids, cancellationToken)).Where(facts => facts.IsPublished).Select(facts => facts.Id),
            () => progress(seen),
            cancellationToken
        );
        await FindUnknownAsync(
            "order",
            after => db.Orders.Where(row => row.Id.CompareTo(after) > 0).OrderBy(row => row.Id).Select(row => row.Id),
            async ids => (await OrdersAsync(ids, cancellationToken)).Select(facts => facts.OrderId),
            () => progress(seen),
            cancellationToken
        );
        await FindUnknownAsync(
            "payment",
            after => db.Payments.Where(row => row.Id.CompareTo(after) > 0).OrderBy(row => row.Id).Select(row => row.Id),
            async ids => (await PaymentsAsync(ids, cancellationToken)).Select(facts => facts.PaymentId),
            () => progress(seen),
            cancellationToken
        );
        await CompareSumsAsync(() => progress(seen), cancellationToken);
        return new Findings(seen, differences, lines);
    }

    private static async Task<List<Guid>> SuspectsAsync<T>(
        Func<Guid?, Task<Result<IReadOnlyList<T>>>> next,
        Func<T, Guid> id,
        Func<IReadOnlyList<T>, Task<List<Difference>>> compare,
        Func<long, Task> progress
    )
    {
        var suspects = new List<Guid>();
        var done = 0L;
        for (Guid? after = null; ;)
        {
            var page = (await next(after)).Value;
            if (page.Count == 0)
            {
                return suspects;
            }

            suspects.AddRange((await compare(page)).Select(difference => difference.Id));
            after = id(page[^1]);
            await progress(done += page.Count);
        }
    }

    private async Task CompareSuspectsAsync(
        List<Guid> events,
        List<Guid> orders,
        List<Guid> payments,
        Func<Task> progress,
        CancellationToken cancellationToken
    )
    {
        while (events.Count + orders.Count + payments.Count is > 0 and var before)
        {
            await Task.Delay(Patience, clock, cancellationToken);
            await progress();
            var texts = new List<string>();
            events = await StillDifferingAsync(
                events,
                async ids =>
                    await comparison.OfEventsAsync(
                        [.. (await EventsAsync(ids, cancellationToken)).Where(comparison.IsUnchanged)],
                        cancellationToken
                    ),
                texts,
                cancellationToken
            );
            orders = await StillDifferingAsync(
                orders,
                async ids => await comparison.OfOrdersAsync(await OrdersAsync(ids, cancellationToken), cancellationToken),
                texts,
                cancellationToken
            );
            payments = await StillDifferingAsync(
                payments,
                async ids => await comparison.OfPaymentsAsync(await PaymentsAsync(ids, cancellationToken), cancellationToken),
                texts,
                cancellationToken
            );
            if (texts.Count == before)
            {
                Report(texts);
                return;
            }
        }
    }

    /// <summary>
    /// Reads the ledger while nothing else is written: the row is not ahead of it, and what the row lacks has a message under way.
    /// </summary>
    private async Task<List<Guid>> StillDifferingAsync(
        List<Guid> suspects,
        Func<Guid[], Task<List<Difference>>> compare,
        List<string> texts,
        CancellationToken cancellationToken
    )
    {
        var still = new List<Guid>();
        foreach (var some in suspects.Chunk(PageSize))
        {
            await writer.WriteAsync(
                async (_, _) =>
                {
                    var found = await compare(some);
                    still.AddRange(found.Select(difference => difference.Id));
                    texts.AddRange(found.Select(difference => difference.Text));
                },
                cancellationToken
            );
        }

        return still;
    }

    private async Task FindUnknownAsync(
        string what,
        Func<Guid, IQueryable<Guid>> after,
        Func<IReadOnlyList<Guid>, Task<IEnumerable<Guid>>> inLedger,
        Func<Task> progress,
        CancellationToken cancellationToken
    )
    {
        for (var last = Guid.Empty; ;)
        {
            var ids = await after(last).Take(PageSize).ToListAsync(cancellationToken);
            if (ids.Count == 0)
            {
                return;
            }

            Report(ids.Except(await inLedger(ids)).Select(id => $"{what} {id} is not in the ledger"));
            last = ids[^1];
            await progress();
        }
    }

    /// <summary>One transaction per event, so that none of its orders changes while they are counted.</summary>
    private async Task CompareSumsAsync(Func<Task> progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> events = [];
        await writer.WriteAsync(async (tables, _) => events = await tables.EventsWithSalesAsync(), cancellationToken);
        foreach (var eventId in events)
        {
            await writer.WriteAsync(
                async (tables, _) =>
                    Report(LedgerComparison.OfSums(await tables.CountAsync(eventId, zone.Zone), await tables.SalesAsync(eventId))),
                cancellationToken
            );
            await progress();
        }
    }

    private async Task<IReadOnlyList<EventFacts>> EventsAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetEventFacts(ids), cancellationToken)).Value;

    private async Task<IReadOnlyList<OrderFacts>> OrdersAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetOrderFacts(ids), cancellationToken)).Value;

    private async Task<IReadOnlyList<PaymentFacts>> PaymentsAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetPaymentFacts(ids), cancellationToken)).Value;

    private void Report(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            differences++;
            if (lines.Count < MostLines)
            {
                lines.Add(text);
            }
        }
    }
}
