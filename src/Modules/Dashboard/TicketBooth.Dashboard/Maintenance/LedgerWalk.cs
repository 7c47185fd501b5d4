using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// Goes over the ledger and the read model, page by page, and gathers what differs. A difference may only mean that a message is still
/// under way. Such suspects are compared again at the end, for as long as some of them disappear; what remains is a difference.
/// </summary>
internal sealed class LedgerWalk(
    IMediator mediator,
    DashboardDbContext db,
    ReadModelWriter writer,
    TimeProvider clock,
    Func<long, Task> progress,
    CancellationToken cancellationToken
)
{
    public const int PageSize = 500;

    private const int MostLines = 100;

    /// <summary>
    /// While messages are under way, the pause between two of them is shorter. A broker takes ten seconds to notice that a host is gone.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly LedgerComparison comparison = new(db);
    private readonly List<string> lines = [];
    private HashSet<Guid> events = [];
    private HashSet<Guid> orders = [];
    private HashSet<Guid> payments = [];
    private long differences;

    /// <summary>How many orders were compared.</summary>
    public long Orders { get; private set; }

    /// <summary>Between two steps.</summary>
    public Task StepAsync() => progress(Orders);

    /// <summary>All events, both ways.</summary>
    public async Task CompareEventsAsync()
    {
        await EachPageAsync(
            null,
            async after => (await mediator.Send(new ListEventFacts(after, PageSize), cancellationToken)).Value,
            facts => facts.Id,
            async page => Suspect(events, await comparison.OfEventsAsync(page, cancellationToken))
        );
        await FindUnknownAsync(
            "event",
            IdSpan.Everything,
            (after, end) => db.Events.Select(row => row.Id).Where(id => id.CompareTo(after) > 0 && id.CompareTo(end) < 0),
            KnownEventsAsync
        );
    }

    /// <summary>The orders and payments of a span, both ways.</summary>
    public async Task CompareAsync(IdSpan span)
    {
        await EachPageAsync(
            null,
            async after =>
                (await mediator.Send(new ListOrderFacts(after, PageSize) { First = span.First, End = span.End }, cancellationToken)).Value,
            facts => facts.OrderId,
            CompareAsync
        );
        await EachPageAsync<PaymentFacts>(
            span.First,
            async after =>
                [
                    .. (await mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken)).Value.TakeWhile(facts =>
                        !span.IsPassedBy(facts.PaymentId)
                    ),
                ],
            facts => facts.PaymentId,
            async page => Suspect(payments, await comparison.OfPaymentsAsync(page, cancellationToken))
        );
        await FindUnknownAsync(
            "order",
            span,
            (after, end) => db.Orders.Select(row => row.Id).Where(id => id.CompareTo(after) > 0 && id.CompareTo(end) < 0),
            KnownOrdersAsync
        );
        await FindUnknownAsync(
            "payment",
            span,
            (after, end) => db.Payments.Select(row => row.Id).Where(id => id.CompareTo(after) > 0 && id.CompareTo(end) < 0),
            KnownPaymentsAsync
        );
    }

    /// <summary>Orders and payments that the read model has.</summary>
    public async Task CompareAsync(IReadOnlyList<Guid> orderIds, IReadOnlyList<Guid> paymentIds)
    {
        await CompareAsync(await OrdersAsync(orderIds));
        Suspect(payments, await comparison.OfPaymentsAsync(await PaymentsAsync(paymentIds), cancellationToken));
        await StepAsync();
    }

    public void Report(IEnumerable<string> texts)
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

    /// <summary>Compares the suspects again, and returns what was found.</summary>
    public async Task<Findings> EndAsync()
    {
        while (events.Count + orders.Count + payments.Count is > 0 and var before)
        {
            await Task.Delay(Patience, clock, cancellationToken);
            await StepAsync();
            var texts = new List<string>();
            events = await StillDifferingAsync(
                events,
                async ids => await comparison.OfEventsAsync([.. (await EventsAsync(ids)).Where(comparison.IsUnchanged)], cancellationToken),
                texts
            );
            orders = await StillDifferingAsync(
                orders,
                async ids => await comparison.OfOrdersAsync(await OrdersAsync(ids), cancellationToken),
                texts
            );
            payments = await StillDifferingAsync(
                payments,
                async ids => await comparison.OfPaymentsAsync(await PaymentsAsync(ids), cancellationToken),
                texts
            );
            if (texts.Count == before)
            {
                Report(texts);
                break;
            }
        }

        return new Findings(Orders, differences, lines);
    }

    private static void Suspect(HashSet<Guid> suspects, List<Difference> found) =>
        suspects.UnionWith(found.Select(difference => difference.Id));

    private async Task CompareAsync(IReadOnlyList<OrderFacts> page)
    {
        Orders += page.Count;
        Suspect(orders, await comparison.OfOrdersAsync(page, cancellationToken));
    }

    private async Task EachPageAsync<T>(
        Guid? after,
        Func<Guid?, Task<IReadOnlyList<T>>> next,
        Func<T, Guid> id,
        Func<IReadOnlyList<T>, Task> visit
    )
    {
        for (var page = await next(after); page.Count > 0; page = await next(id(page[^1])))
        {
            await visit(page);
            await StepAsync();
        }
    }

    /// <summary>
    /// Reads the ledger while nothing else is written: the row is not ahead of it, and what the row lacks has a message under way.
    /// </summary>
    private async Task<HashSet<Guid>> StillDifferingAsync(
        IEnumerable<Guid> suspects,
        Func<Guid[], Task<List<Difference>>> compare,
        List<string> texts
    )
    {
        var still = new HashSet<Guid>();
        foreach (var some in suspects.Chunk(PageSize))
        {
            await writer.WriteAsync(
                async (_, _) =>
                {
                    var found = await compare(some);
                    Suspect(still, found);
                    texts.AddRange(found.Select(difference => difference.Text));
                },
                cancellationToken
            );
        }

        return still;
    }

    private Task FindUnknownAsync(
        string what,
        IdSpan span,
        Func<Guid, Guid, IQueryable<Guid>> between,
        Func<IReadOnlyList<Guid>, Task<IEnumerable<Guid>>> inLedger
    ) =>
        EachPageAsync<Guid>(
            span.First,
            async after => await between(after!.Value, span.End).OrderBy(id => id).Take(PageSize).ToListAsync(cancellationToken),
            id => id,
            async ids => Report(ids.Except(await inLedger(ids)).Select(id => $"{what} {id} is not in the ledger"))
        );

    private async Task<IEnumerable<Guid>> KnownEventsAsync(IReadOnlyList<Guid> ids) =>
        (await EventsAsync(ids)).Where(facts => facts.IsPublished).Select(facts => facts.Id);

    private async Task<IEnumerable<Guid>> KnownOrdersAsync(IReadOnlyList<Guid> ids) =>
        (await OrdersAsync(ids)).Select(facts => facts.OrderId);

    private async Task<IEnumerable<Guid>> KnownPaymentsAsync(IReadOnlyList<Guid> ids) =>
        (await PaymentsAsync(ids)).Select(facts => facts.PaymentId);

    private async Task<IReadOnlyList<EventFacts>> EventsAsync(IReadOnlyList<Guid> ids) =>
        (await mediator.Send(new GetEventFacts(ids), cancellationToken)).Value;

    private async Task<IReadOnlyList<OrderFacts>> OrdersAsync(IReadOnlyList<Guid> ids) =>
        (await mediator.Send(new GetOrderFacts(ids), cancellationToken)).Value;

    private async Task<IReadOnlyList<PaymentFacts>> PaymentsAsync(IReadOnlyList<Guid> ids) =>
        (await mediator.Send(new GetPaymentFacts(ids), cancellationToken)).Value;
}
