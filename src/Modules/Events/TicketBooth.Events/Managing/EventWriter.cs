using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Browsing;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Writes a changed event with everything that goes with it: what is said of it, each price that it moved, and the end of what readers were told before.</summary>
internal sealed class EventWriter(IEventStore store, ReadCache cache)
{
    /// <summary>False, and nothing written, when another change of the event came first.</summary>
    /// <param name="messages">About this change; that prices moved is said besides.</param>
    /// <param name="policy">When the change is one of policy.</param>
    public Task<bool> TryWriteAsync(
        Event before,
        Event after,
        PriceCause cause,
        DateTimeOffset now,
        IReadOnlyList<OutboxEntry> messages,
        PolicyChange? policy = null
    ) => TryWriteAsync(after, PriceChange.Between(before, after, _ => cause, now), now, messages, policy);

    /// <summary>As the other, for a change that has a cause for each price.</summary>
    public async Task<bool> TryWriteAsync(
        Event after,
        IReadOnlyList<PriceChange> prices,
        DateTimeOffset now,
        IReadOnlyList<OutboxEntry> messages,
        PolicyChange? policy = null
    )
    {
        if (prices.Count > 0)
        {
            var cause = prices[0].Cause;
            var changed = new TicketPriceChanged(
                after.Id,
                after.Version,
                [.. prices.Select(price => new TierPriceChange(price.TierId, price.From, price.To))],
                cause.Reason,
                cause.By,
                now
            );
            messages = [.. messages, MessageCodec.Encode(changed, after.Id, now)];
        }

        if (!await store.ReplaceAsync(after, new EventRecords(messages, prices, policy)))
        {
            return false;
        }

        await cache.EvictAsync(after.Id);
        return true;
    }
}
