using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Invariants;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events;

/// <summary>
/// Checks I7 on every event and, where Booking is in the same host, I3, I4 and I6 on every order.
/// </summary>
internal sealed class EventsInvariants(
    IEventStore events,
    ITicketStateStore tickets,
    IPriceHistoryStore prices,
    IMediator mediator,
    IServiceProviderIsService services,
    ReadCache cache,
    TimeProvider clock
) : IInvariantCheck
{
    private const int PageSize = 1_000;

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        await CheckEventsAsync(report, cancellationToken);
        if (services.IsService(typeof(IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>)))
        {
            await new OrderInvariants(events, tickets, prices, mediator, clock).CheckAsync(report, cancellationToken);
            await new BlockInvariant(events, mediator, clock).CheckAsync(report, cancellationToken);
        }
    }

    private async Task CheckEventsAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        var (count, released, held, sold, off) = (0L, 0L, 0L, 0L, 0L);
        var page = await events.PageOfIdsAsync(Guid.Empty, PageSize);
        while (page.Count > 0)
        {
            foreach (var id in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await tickets.LedgerAsync(id) is { } ledger)
                {
                    TicketCounterInvariant.Check(ledger, report, _ => RecountAsync(id));
                    count++;
                    released += ledger.Event.Released;
                    held += ledger.Event.Tiers.Sum(tier => tier.Held);
                    sold += ledger.Event.Tiers.Sum(tier => tier.Sold);
                    off += ledger.Event.Tiers.Sum(tier => tier.OffSale);
                }

                await report.StepAsync(cancellationToken);
            }

            page = await events.PageOfIdsAsync(page[^1], PageSize);
        }

        report.Count("I7", "events", count);
        report.Count("I7", "tickets released", released);
        report.Count("I7", "tickets on payment", held);
        report.Count("I7", "tickets sold", sold);
        report.Count("I7", "tickets on hold for the house", off);
    }

    private async Task<bool> RecountAsync(Guid eventId)
    {
        var isRight = await tickets.RecountAsync(eventId);
        await cache.EvictAsync(eventId);
        return isRight;
    }
}
