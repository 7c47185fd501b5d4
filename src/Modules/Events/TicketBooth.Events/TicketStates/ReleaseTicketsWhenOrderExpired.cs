using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes the tickets of an order that was not paid in time available again.</summary>
internal sealed class ReleaseTicketsWhenOrderExpired(TicketStateWriter writer) : IConsumer<OrderExpired>
{
    public Task Consume(ConsumeContext<OrderExpired> context) => writer.ApplyAsync(this, context, TicketState.Available);
}
