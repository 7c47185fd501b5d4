using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

internal static class TicketStores
{
    /// <summary>An update by itself; false when a reader sees no change.</summary>
    public static async Task<bool> ApplyAsync(this ITicketStateStore store, TicketUpdate update) => (await store.ApplyAsync([update])).Count > 0;
}
