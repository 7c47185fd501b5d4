using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>Applies new prices of an event on sale.</summary>
/// <remarks>Doing it twice changes nothing, so no inbox is needed.</remarks>
internal sealed class RefreshEventWhenTicketPriceChanged(OnSaleCatalog catalog) : IConsumer<TicketPriceChanged>
{
    public Task Consume(ConsumeContext<TicketPriceChanged> context) =>
        catalog.RefreshKnownAsync(context.Message.EventId, context.CancellationToken);
}
