using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Admissions.Doors;

/// <summary>Learns an event's new time, name and tiers. Older facts change nothing, so a message may come twice, or late.</summary>
internal sealed class RefreshDoorWhenEventChanged(KnownEvents events) : IConsumer<EventChanged>
{
    public Task Consume(ConsumeContext<EventChanged> context) => events.RefreshAsync(context.Message.EventId, context.CancellationToken);
}
