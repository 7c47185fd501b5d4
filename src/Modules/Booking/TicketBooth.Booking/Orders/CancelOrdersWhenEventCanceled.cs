using MassTransit;
using TicketBooth.Booking.OnSale;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Orders;

/// <summary>Cancels the orders of a canceled event; see <see cref="CanceledEvents"/>.</summary>
/// <remarks>Canceling an order twice changes nothing, so no inbox is needed.</remarks>
internal sealed class CancelOrdersWhenEventCanceled(OnSaleCatalog catalog, CanceledEvents canceled, ILeases hosts, TimeProvider clock)
    : IConsumer<EventCanceled>
{
    public async Task Consume(ConsumeContext<EventCanceled> context)
    {
        var sale = await catalog.RefreshKnownAsync(context.Message.EventId, context.CancellationToken);

        // Until then other hosts may sell by the former state.
        await Task.Delay(hosts.Several ? OnSaleCatalog.Bound : TimeSpan.Zero, clock, context.CancellationToken);
        await canceled.CancelOrdersAsync(sale, context.CancellationToken);
    }
}
