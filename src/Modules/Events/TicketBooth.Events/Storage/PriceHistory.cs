using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage;

/// <summary>Reads the price history from a moment on.</summary>
internal static class PriceHistory
{
    private const int PageSize = 500;

    /// <summary>
    /// An event's price changes since a moment, and for each tier the change before it, which made the price of that moment; ascending.
    /// </summary>
    public static async Task<List<PriceChange>> PricesSinceAsync(this IPriceHistoryStore store, Event shown, DateTimeOffset from)
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
