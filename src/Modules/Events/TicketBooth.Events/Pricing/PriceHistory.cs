using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>What prices were at which time.</summary>
internal static class PriceHistory
{
    private const int PageSize = 500;

    /// <summary>An event's price changes since a moment, and before them, for each tier, the one that made the price of that moment; ascending.</summary>
    public static async Task<List<PriceChange>> PricesSinceAsync(this IEventStore store, Event shown, DateTimeOffset from)
    {
        var changes = new List<PriceChange>();
        var open = shown.Tiers.Select(tier => tier.Id).ToHashSet();
        (long, Guid)? after = null;
        while (open.Count > 0 && await store.PriceChangesAsync(shown.Id, tierId: null, after, PageSize) is { Count: > 0 } page)
        {
            foreach (var change in page.Where(change => open.Contains(change.TierId)))
            {
                changes.Add(change);
                if (change.At <= from)
                {
                    open.Remove(change.TierId);
                }
            }

            after = (page[^1].Version, page[^1].TierId);
        }

        changes.Reverse();
        return changes;
    }
}
