using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Marks an order's tickets as sold.</summary>
internal sealed class SellTicketsWhenOrderPaid(TicketStateWriter writer) : IConsumer<OrderPaid>
{
    public Task Consume(ConsumeContext<OrderPaid> context) => writer.ApplyAsync(this, context, TicketState.Sold);
}
