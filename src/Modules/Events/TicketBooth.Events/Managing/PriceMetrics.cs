using System.Diagnostics.Metrics;
using System.Text.Json;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;

namespace TicketBooth.Events.Managing;

/// <summary>Counts the price changes that this host has written.</summary>
internal sealed class PriceMetrics(IMeterFactory meters)
{
    private readonly Counter<long> changes = meters
        .Create(ReadCache.MeterName)
        .CreateCounter<long>("ticketbooth.price.changes", "{change}", "Prices of tiers that changed, by reason.");

    public void Changed(IReadOnlyList<PriceChange> prices)
    {
        foreach (var price in prices)
        {
            var reason = JsonNamingPolicy.SnakeCaseLower.ConvertName(price.Cause.Reason.ToString());
            changes.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }
    }
}
