using System.Runtime.InteropServices;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>
/// By how much the sums of sales change when orders change. Collected by the minute: what an order adds to a day and to all time is what
/// it adds to the minutes in them.
/// </summary>
/// <param name="zone">Whose days are summed up. A day begins with a minute in every zone.</param>
internal sealed class SalesSums(TimeZoneInfo zone)
{
    private readonly Dictionary<(Guid EventId, Guid TierId, long Minute), SalesFigures> minutes = [];
    private readonly List<Contribution> parts = [];

    /// <summary>An order changed. Null stands for no order.</summary>
    public void Add(OrderRow? before, OrderRow? after)
    {
        if (before is not null)
        {
            foreach (var part in PartsOf(before))
            {
                ref var sum = ref SumOf(before.EventId, part);
                sum = (sum ?? SalesFigures.None) - part.Figures;
            }
        }

        if (after is not null)
        {
            foreach (var part in PartsOf(after))
            {
                ref var sum = ref SumOf(after.EventId, part);
                sum = sum is null ? part.Figures : sum + part.Figures;
            }
        }
    }

    /// <summary>The change of each sum; that of some may be <see cref="SalesFigures.None"/>.</summary>
    public Dictionary<SalesKey, SalesFigures> BySpan()
    {
        var sums = new Dictionary<SalesKey, SalesFigures>();
        foreach (var ((eventId, tier, minute), figures) in minutes)
        {
            Add(new SalesKey(eventId, tier, SalesSpan.Ever, 0), figures);
            Add(new SalesKey(eventId, tier, SalesSpan.Day, Contributions.DayOf(new DateTimeOffset(minute, TimeSpan.Zero), zone)), figures);
            Add(new SalesKey(eventId, tier, SalesSpan.Minute, minute), figures);
        }

        return sums;

        void Add(SalesKey key, SalesFigures figures) => sums[key] = sums.TryGetValue(key, out var sum) ? sum + figures : figures;
    }

    private List<Contribution> PartsOf(OrderRow order)
    {
        parts.Clear();
        Contributions.Add(order, parts);
        return parts;
    }

    private ref SalesFigures? SumOf(Guid eventId, Contribution part) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(minutes, (eventId, part.TierId, Contributions.MinuteOf(part.At)), out _);
}
