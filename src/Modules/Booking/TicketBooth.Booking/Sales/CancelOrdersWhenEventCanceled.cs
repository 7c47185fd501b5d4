using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Lanes;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Sales;

/// <summary>A canceled event takes its orders with it: those on payment are canceled, paid ones refunded.</summary>
/// <remarks>Canceling an order twice changes nothing, so a repeated message is harmless without an inbox.</remarks>
internal sealed class CancelOrdersWhenEventCanceled(SaleCatalog catalog, LaneRegistry lanes, ILeases hosts, TimeProvider clock)
    : IConsumer<EventCanceled>
{
    private const int PageSize = 500;

    public async Task Consume(ConsumeContext<EventCanceled> context)
    {
        var cancellation = context.CancellationToken;
        var refreshed = await catalog.RefreshAsync(context.Message.EventId, cancellation);
        if (refreshed.Error is { } error)
        {
            throw new InvalidOperationException($"Events canceled event {context.Message.EventId} and does not know it: {error.Code}.");
        }

        var sale = refreshed.Value;
        var shard = await lanes.OfAsync(sale.Shard);

        // Other hosts may sell by the former state until they ask again.
        await Task.Delay(hosts.Several ? SaleCatalogKeeper.Bound : TimeSpan.Zero, clock, cancellation);

        // From here on the lane refuses orders of this event. One item through the lane lets those before it settle, so that the pages below see them.
        await shard.Lane.RunAsync(new ChangeItem(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order)), cancellation);
        for (Guid? after = null; ; )
        {
            var page = await shard.Store.ActiveOfEventAsync(sale.Id, after, PageSize);
            if (page.Count == 0)
            {
                return;
            }

            var outcomes = await Task.WhenAll(
                page.Select(order =>
                    shard.Lane.RunAsync(
                        new ChangeItem(order.Id, inbox: null, (current, now) =>
                            OrderRules.Cancel(current, buyerId: null, sale.SaleClosesAt, "event-canceled", now)
                        ),
                        cancellation
                    )
                )
            );
            if (Array.Find(outcomes, outcome => outcome.Error is { Kind: ErrorKind.Unavailable }).Error is { } busy)
            {
                throw new InvalidOperationException($"Not every order of event {sale.Id} could be canceled: {busy.Code}.");
            }

            after = page[^1].Id;
        }
    }
}
