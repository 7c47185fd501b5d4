namespace TicketBooth.LoadTests.Figures;

/// <summary>How far those who follow the orders are behind, from looks at both while orders come in.</summary>
internal sealed class Lag
{
    private readonly List<Look> looks = [];

    /// <summary>The most orders that were placed and not yet followed.</summary>
    public long MostOrders => looks.Count == 0 ? 0 : looks.Max(look => Math.Max(0, look.Placed - look.Followed));

    /// <summary>The longest time for which an order had waited at any look.</summary>
    public TimeSpan Longest => looks.Count == 0 ? TimeSpan.Zero : looks.Max(Behind);

    /// <param name="at">Ascending.</param>
    /// <param name="placed">Orders that buyers were told about until then.</param>
    /// <param name="followed">Orders that the followers had taken in.</param>
    public void Add(TimeSpan at, long placed, long followed) => looks.Add(new Look(at, placed, followed));

    /// <summary>The time since as many orders were placed as are followed now; between two looks orders came evenly.</summary>
    private TimeSpan Behind(Look now)
    {
        if (now.Followed >= now.Placed)
        {
            return TimeSpan.Zero;
        }

        var after = looks.FindIndex(look => look.Placed > now.Followed);
        if (after == 0)
        {
            return now.At - looks[0].At;
        }

        var (from, to) = (looks[after - 1], looks[after]);
        var share = (double)(now.Followed - from.Placed) / (to.Placed - from.Placed);
        return now.At - (from.At + (share * (to.At - from.At)));
    }

    private readonly record struct Look(TimeSpan At, long Placed, long Followed);
}
