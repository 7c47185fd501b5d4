using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

internal static class Replacing
{
    /// <summary>Writes an event over the version just before it; false when another change was written first.</summary>
    public static Task<bool> ReplaceAsync(this IEventStore store, Event changed, EventRecords records) =>
        store.ChangeAsync(changed.Id, current => current.Version == changed.Version - 1 ? new EventWrite(changed, records) : null);

    /// <summary>A change that moves no price.</summary>
    public static Task<bool> ReplaceAsync(this IEventStore store, Event changed, OutboxEntry? message) =>
        store.ReplaceAsync(changed, message is null ? EventRecords.None : new EventRecords([message], []));
}
