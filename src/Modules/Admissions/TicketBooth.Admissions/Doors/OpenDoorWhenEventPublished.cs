using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Admissions.Doors;

/// <summary>Learns of an event that is on sale. Older facts change nothing, so a message may come twice, or late.</summary>
internal sealed class OpenDoorWhenEventPublished(KnownEvents events) : IConsumer<EventPublished>
{
    public Task Consume(ConsumeContext<EventPublished> context) => events.RefreshAsync(context.Message.EventId, context.CancellationToken);
}
