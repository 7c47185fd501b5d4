using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Results;
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
        await TakeInAsync(after => mediator.Send(new ListEventFacts(after, PageSize), cancellationToken), facts => facts.Id, facts => new EventNews(facts), _ => Task.CompletedTask, cancellationToken);
        var orders = await TakeInAsync(after => mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken), facts => facts.OrderId, OrderNews.Of, progress, cancellationToken);
        await TakeInAsync(after => mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken), facts => facts.PaymentId, PaymentNews.Of, _ => Task.CompletedTask, cancellationToken);
        var removed = await RemoveForgottenAsync(cancellationToken);
        await CountAgainAsync(cancellationToken);
        return new Findings(orders, removed, removed == 0 ? [] : [FormattableString.Invariant($"{removed} orders were removed that the ledger does not know.")]);
    }

    /// <returns>How many there were.</returns>
    private async Task<long> TakeInAsync<T>(
        Func<Guid?, Task<Result<IReadOnlyList<T>>>> next, Func<T, Guid> id, Func<T, News> news, Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var done = 0L;
        for (Guid? after = null; ;)
        {
            var page = (await next(after)).Value;
            if (page.Count == 0)
            {
                return done;
            }

            await writer.ApplyAsync([.. page.Select(news)], cancellationToken);
            after = id(page[^1]);
            await progress(done += page.Count);
        }
    }

    private async Task<long> RemoveForgottenAsync(CancellationToken cancellationToken)
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
                cancellationToken);
        }

        return removed;
    }

    /// <summary>Event by event, each in one transaction, so that no order changes while it is counted.</summary>
    private async Task CountAgainAsync(CancellationToken cancellationToken)
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
                cancellationToken);
        }
    }
}
