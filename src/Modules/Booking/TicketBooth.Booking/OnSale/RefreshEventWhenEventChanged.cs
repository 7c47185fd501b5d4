using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>Applies a change of an event on sale. Doing it twice changes nothing, so no inbox is needed.</summary>
internal sealed class RefreshEventWhenEventChanged(OnSaleCatalog catalog) : IConsumer<EventChanged>
{
    public Task Consume(ConsumeContext<EventChanged> context) =>
        catalog.RefreshKnownAsync(context.Message.EventId, context.CancellationToken);
}
