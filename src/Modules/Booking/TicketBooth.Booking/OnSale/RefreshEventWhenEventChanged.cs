using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>Applies a change of an event on sale.</summary>
/// <remarks>Doing it twice changes nothing, so no inbox is needed.</remarks>
internal sealed class RefreshEventWhenEventChanged(OnSaleCatalog catalog) : IConsumer<EventChanged>
{
    public Task Consume(ConsumeContext<EventChanged> context) =>
        catalog.RefreshKnownAsync(context.Message.EventId, context.CancellationToken);
}
