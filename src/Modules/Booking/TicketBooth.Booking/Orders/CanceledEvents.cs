using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Orders;

/// <summary>
/// Cancels the orders of a canceled event: those on payment are canceled, paid ones refunded. Doing it twice changes nothing.
/// </summary>
internal sealed class CanceledEvents(ShardRegistry shards)
{
    private const int PageSize = 500;

    /// <param name="sale">As this host knows it by now: canceled.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task CancelOrdersAsync(EventOnSale sale, CancellationToken cancellationToken)
    {
        var shard = await shards.OfAsync(sale.Shard);

        // The lane refuses orders of this event by now. Those that it accepted before are written when this item comes out, so that the
        // pages below include them.
        await shard.Lane.RunAsync(new ChangeItem(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order)), cancellationToken);
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
                            OrderRules.Cancel(current, buyerId: null, terms: default, "event-canceled", now)
                        ),
                        cancellationToken
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
