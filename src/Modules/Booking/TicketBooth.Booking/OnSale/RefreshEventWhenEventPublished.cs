using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>Puts a published event on its shard, before anybody orders a ticket.</summary>
/// <remarks>Doing it twice changes nothing, so no inbox is needed.</remarks>
internal sealed class RefreshEventWhenEventPublished(OnSaleCatalog catalog) : IConsumer<EventPublished>
{
    public Task Consume(ConsumeContext<EventPublished> context) =>
        catalog.RefreshKnownAsync(context.Message.EventId, context.CancellationToken);
}
