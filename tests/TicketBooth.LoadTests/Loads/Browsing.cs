namespace TicketBooth.LoadTests.Loads;

/// <summary>
/// What people look at before they buy: mostly pages of events, some more popular than others, some lists, some tickets. Of ten thousand who
/// look at an event most look at a few ones: the n-th is looked at in proportion to 1/n.
/// </summary>
internal sealed class Browsing
{
    private const double Lists = 0.15;
    private const double Tickets = 0.10;

    private readonly IReadOnlyList<string> events;
    private readonly double[] upTo;

    public Browsing(IReadOnlyList<string> events)
    {
        this.events = events;
        upTo = new double[events.Count];
        var sum = 0.0;
        for (var i = 0; i < upTo.Length; i++)
        {
            upTo[i] = sum += 1.0 / (i + 1);
        }
    }

    /// <summary>An address that somebody asks for next.</summary>
    public string Next(Random random)
    {
        var what = random.NextDouble();
        return what switch
        {
            < Lists => "/api/v1/events",
            < Lists + Tickets => $"/api/v1/events/{Popular(random)}/tickets",
            _ => $"/api/v1/events/{Popular(random)}",
        };
    }

    /// <summary>An event, each as often as any other.</summary>
    public string Any(Random random) => events[random.Next(events.Count)];

    /// <summary>An event, the popular ones more often.</summary>
    public string Popular(Random random)
    {
        var found = Array.BinarySearch(upTo, random.NextDouble() * upTo[^1]);
        return events[found >= 0 ? found : ~found];
    }
}
