using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.TicketStates;

/// <summary>Stores what an order's message says about its tickets, and evicts what readers were given before.</summary>
internal sealed class TicketStateWriter(ITicketStateStore tickets, ReadCache cache, TimeProvider clock)
{
    /// <param name="consumer">The consumer of the message.</param>
    /// <param name="context">The message.</param>
    /// <param name="state">The state that the order gives its tickets.</param>
    public async Task ApplyAsync<TMessage>(IConsumer consumer, ConsumeContext<TMessage> context, TicketState state)
        where TMessage : class, IOrderMessage
    {
        var update = TicketUpdate.Of(context.Message, state);
        if (await tickets.ApplyAsync(update, InboxKey.Of(consumer, context), clock.GetUtcNow()))
        {
            await cache.EvictAsync(update.EventId);
        }
    }
}
