using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Orders;

/// <summary>Cancels the orders of a canceled event: those on payment are canceled, paid ones refunded.</summary>
/// <remarks>Canceling an order twice changes nothing, so no inbox is needed.</remarks>
internal sealed class CancelOrdersWhenEventCanceled(OnSaleCatalog catalog, ShardRegistry shards, ILeases hosts, TimeProvider clock)
    : IConsumer<EventCanceled>
{
    private const int PageSize = 500;

    public async Task Consume(ConsumeContext<EventCanceled> context)
    {
        var cancellation = context.CancellationToken;
        var sale = await catalog.RefreshKnownAsync(context.Message.EventId, cancellation);
        var shard = await shards.OfAsync(sale.Shard);

        // Until they query Events again, other hosts may sell by the former state.
        await Task.Delay(hosts.Several ? RefreshEventsOnSaleWorker.Bound : TimeSpan.Zero, clock, cancellation);

        // From here on the lane refuses orders of this event. Those that it accepted before are written when this item comes out,
        // so that the pages below include them.
        await shard.Lane.RunAsync(new ChangeItem(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order)), cancellation);
        for (Guid? after = null; ;)
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
