using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Live.Views;

/// <summary>A span of time that a chart shows: bars, oldest first.</summary>
/// <param name="Name">A key of <see cref="Shell.Words"/>.</param>
internal sealed record ChartWindow(string Name, IReadOnlyList<ChartBar> Bars)
{
    public const int Minutes = 60;
    public const int Quarters = 96;
    public const int Days = 30;
    public const int Steps = 36;

    private const long Quarter = 15 * TimeSpan.TicksPerMinute;

    /// <summary>Minutes or quarters of an hour up to a moment.</summary>
    /// <param name="name">A key of <see cref="Shell.Words"/>.</param>
    /// <param name="counts">Counts in a minute; several may be of the same.</param>
    /// <param name="now">The last bar is that of this moment.</param>
    /// <param name="isByQuarter">A bar for each quarter of an hour of a day, and not for each minute of an hour.</param>
    public static ChartWindow OfMinutes(
        string name,
        IEnumerable<(DateTimeOffset At, long First, long Second)> counts,
        DateTimeOffset now,
        bool isByQuarter
    )
    {
        var (length, bars) = isByQuarter ? (Quarter, Quarters) : (TimeSpan.TicksPerMinute, Minutes);
        var sums = counts.ToLookup(count => count.At.UtcTicks / length);
        var last = now.UtcTicks / length;
        return new ChartWindow(
            name,
            [
                .. Enumerable
                    .Range(0, bars)
                    .Select(index => last - bars + 1 + index)
                    .Select(at => new ChartBar(
                        new DateTimeOffset(at * length, TimeSpan.Zero),
                        IsDay: false,
                        sums[at].Sum(count => count.First),
                        sums[at].Sum(count => count.Second)
                    )),
            ]
        );
    }

    /// <summary>Three hours in steps of five minutes.</summary>
    /// <param name="name">A key of <see cref="Shell.Words"/>.</param>
    /// <param name="counts">One for a step at most.</param>
    /// <param name="last">In the last bar.</param>
    public static ChartWindow OfSteps(string name, IEnumerable<(DateTimeOffset At, long First, long Second)> counts, DateTimeOffset last)
    {
        const long Length = DoorChanges.StepMinutes * TimeSpan.TicksPerMinute;
        var known = counts.ToDictionary(count => count.At.UtcTicks / Length);
        return new ChartWindow(
            name,
            [
                .. Enumerable
                    .Range(0, Steps)
                    .Select(index => (last.UtcTicks / Length) - Steps + 1 + index)
                    .Select(at => (At: at, Count: known.GetValueOrDefault(at)))
                    .Select(bar => new ChartBar(
                        new DateTimeOffset(bar.At * Length, TimeSpan.Zero),
                        IsDay: false,
                        bar.Count.First,
                        bar.Count.Second
                    )),
            ]
        );
    }

    /// <summary>The last 30 days.</summary>
    /// <param name="name">A key of <see cref="Shell.Words"/>.</param>
    /// <param name="counts">One for a day at most.</param>
    /// <param name="today">The last bar.</param>
    public static ChartWindow OfDays(string name, IEnumerable<(DateOnly Day, long First, long Second)> counts, DateOnly today)
    {
        var known = counts.ToDictionary(count => count.Day);
        return new ChartWindow(
            name,
            [
                .. Enumerable
                    .Range(1 - Days, Days)
                    .Select(today.AddDays)
                    .Select(day => (Day: day, Count: known.GetValueOrDefault(day)))
                    .Select(bar => new ChartBar(
                        new DateTimeOffset(bar.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
                        IsDay: true,
                        bar.Count.First,
                        bar.Count.Second
                    )),
            ]
        );
    }
}

/// <summary>A pair of bars.</summary>
/// <param name="At">When it begins.</param>
/// <param name="IsDay"><paramref name="At"/> is a day of the settings' time zone, and not a moment.</param>
internal readonly record struct ChartBar(DateTimeOffset At, bool IsDay, long First, long Second);
