using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Sales;

/// <summary>Takes over what Events says of an event on sale. Asking twice is harmless, so no inbox is needed.</summary>
internal sealed class KeepSalesCurrent(SaleCatalog catalog)
    : IConsumer<EventPublished>,
        IConsumer<EventChanged>,
        IConsumer<TicketPriceChanged>
{
    public Task Consume(ConsumeContext<EventPublished> context) => RefreshAsync(context.Message.EventId, context.CancellationToken);

    public Task Consume(ConsumeContext<EventChanged> context) => RefreshAsync(context.Message.EventId, context.CancellationToken);

    public Task Consume(ConsumeContext<TicketPriceChanged> context) => RefreshAsync(context.Message.EventId, context.CancellationToken);

    private async Task RefreshAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var refreshed = await catalog.RefreshAsync(eventId, cancellationToken);
        if (refreshed.Error is { } error)
        {
            throw new InvalidOperationException($"Events told about event {eventId} and does not know it: {error.Code}.");
        }
    }
}
