using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using Event = TicketBooth.Events.Domain.Event;

namespace TicketBooth.Events.Managing;

/// <summary>Counts tickets that staff took off sale, or put on sale again.</summary>
/// <remarks>The revision of the block decides which message holds, so a message that is delivered again changes nothing.</remarks>
internal sealed class FollowBlockWhenTicketBlockChanged(EventWriter writer) : IConsumer<TicketBlockChanged>
{
    public async Task Consume(ConsumeContext<TicketBlockChanged> context)
    {
        var message = context.Message;
        var followed = await writer.ChangeAsync(message.EventId, (current, now) => Follow(current, message, now));
        if (followed.Error is { } error)
        {
            throw new InvalidOperationException($"Tickets of event {message.EventId} cannot be taken off sale: {error.Code}.");
        }
    }

    private static Result<EventChange> Follow(Event current, TicketBlockChanged message, DateTimeOffset now)
    {
        var followed = current.Follow(KnownBlock.Of(message));
        return EventChange.Of(current, followed, now, new EventChanged(followed.Id, followed.Revision, now));
    }
}
