using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes a refunded order's tickets available again.</summary>
internal sealed class ReleaseTicketsWhenOrderRefunded(TicketStateWriter writer) : IConsumer<OrderRefunded>
{
    public Task Consume(ConsumeContext<OrderRefunded> context) => writer.ApplyAsync(this, context, TicketState.Available);
}
