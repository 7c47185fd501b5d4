using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Marks an order's tickets as on payment.</summary>
internal sealed class HoldTicketsWhenOrderPlaced(TicketStateWriter writer) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) => writer.ApplyAsync(this, context, TicketState.OnPayment);
}
