using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

internal static class Replacing
{
    /// <summary>A change that moves no price.</summary>
    public static Task<bool> ReplaceAsync(this IEventStore store, Event changed, OutboxEntry? message) =>
        store.ReplaceAsync(changed, message is null ? EventRecords.None : new EventRecords([message], []));
}
