using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes a canceled order's tickets available again.</summary>
internal sealed class ReleaseTicketsWhenOrderCanceled(TicketStateWriter writer) : IConsumer<OrderCanceled>
{
    public Task Consume(ConsumeContext<OrderCanceled> context) => writer.ApplyAsync(this, context, TicketState.Available);
}
