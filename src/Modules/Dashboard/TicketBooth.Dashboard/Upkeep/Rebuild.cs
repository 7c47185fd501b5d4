using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Upkeep;

/// <summary>
/// Makes the read model anew from the modules' own data while selling goes on. Every row is replaced by the ledger's word, rows that the ledger does not know
/// are removed, and all sales are counted again from the orders. Messages that come meanwhile merge as always, so pages show true figures all along and
/// nothing has to be caught up with afterwards.
/// </summary>
internal sealed class Rebuild(IMediator mediator, ReadModelWriter writer, DashboardZone zone) : IUpkeep
{
    private const int PageSize = 500;

    public RunKind Kind => RunKind.Rebuild;

    public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        await writer.WriteAsync((tables, _) => tables.NewGenerationAsync(), cancellationToken);
        await TakeInAsync(
            after => mediator.Send(new ListEventFacts(after, PageSize), cancellationToken),
            facts => facts.Id,
            facts => new EventNews(facts, IsLedger: true),
            _ => progress(0),
            cancellationToken
        );
        var orders = await TakeInAsync(
            after => mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken),
            facts => facts.OrderId,
            OrderNews.Of,
            progress,
            cancellationToken
        );
        await TakeInAsync(
            after => mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken),
            facts => facts.PaymentId,
            PaymentNews.Of,
            _ => progress(orders),
            cancellationToken
        );
        await RemoveUnknownEventsAsync(cancellationToken);
        var removed = await RemoveForgottenAsync(() => progress(orders), cancellationToken);
        await CountAgainAsync(() => progress(orders), cancellationToken);
        return new Findings(
            orders,
            removed,
            removed == 0 ? [] : [FormattableString.Invariant($"{removed} orders were removed that the ledger does not know.")]
        );
    }

    /// <returns>How many there were.</returns>
    private async Task<long> TakeInAsync<T>(
        Func<Guid?, Task<Result<IReadOnlyList<T>>>> next,
        Func<T, Guid> id,
        Func<T, News> news,
        Func<long, Task> progress,
        CancellationToken cancellationToken
    )
    {
        var done = 0L;
        for (Guid? after = null; ; )
        {
            IReadOnlyList<T> page = [];
            await writer.TakeOverAsync(async () => [.. (page = (await next(after)).Value).Select(news)], cancellationToken);
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

    private async Task<long> RemoveForgottenAsync(Func<Task> progress, CancellationToken cancellationToken)
    {
        var removed = 0L;
        var isMore = true;
        while (isMore)
        {
            await writer.WriteAsync(
                async (tables, generation) =>
                {
                    var forgotten = await tables.ForgottenOrdersAsync(generation, PageSize);
                    isMore = forgotten.Count > 0;
                    if (isMore)
                    {
                        removed += forgotten.Count;
                        await tables.RemoveOrdersAsync([.. forgotten.Select(order => order.Id)]);
                    }
                    else
                    {
                        await tables.RemoveForgottenPaymentsAsync(generation);
                    }
                },
                cancellationToken
            );
            await progress();
        }

        return removed;
    }

    /// <summary>Event by event, each in one transaction, so that no order changes while it is counted.</summary>
    private async Task CountAgainAsync(Func<Task> progress, CancellationToken cancellationToken)
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
}
