using MassTransit;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Admissions.Doors;

/// <summary>Learns that an event is canceled: its tickets open no door. Older facts change nothing, so a message may come twice.</summary>
internal sealed class CloseDoorWhenEventCanceled(KnownEvents events) : IConsumer<EventCanceled>
{
    public Task Consume(ConsumeContext<EventCanceled> context) => events.RefreshAsync(context.Message.EventId, context.CancellationToken);
}
