namespace TicketBooth.Dashboard.Live.Views;

/// <summary>The values of a chart's axis: a few, evenly spaced, each of them a round number.</summary>
/// <param name="Bottom">The lowest value of the axis.</param>
/// <param name="Step">From one grid line to the next.</param>
/// <param name="Steps">How many there are.</param>
internal readonly record struct ChartScale(long Bottom, long Step, int Steps)
{
    private const int WantedSteps = 4;

    public long Top => Bottom + (Step * Steps);

    /// <summary>From the top down, as an axis is read.</summary>
    public IEnumerable<long> Values
    {
        get
        {
            var (bottom, step) = (Bottom, Step);
            return Enumerable.Range(0, Steps + 1).Reverse().Select(index => bottom + (index * step));
        }
    }

    /// <summary>Counts from 0 to <paramref name="most"/>.</summary>
    public static ChartScale UpTo(long most) => Between(0, Math.Max(WantedSteps, most));

    /// <summary>Values of any size, of which the lowest need not be 0. One value alone gets an axis around it.</summary>
    public static ChartScale Between(long least, long most)
    {
        if (least == most)
        {
            var around = Round(Math.Max(1, Math.Abs(most) / 10.0));
            (least, most) = (most >= 0 ? Math.Max(0, least - around) : least - around, most + around);
        }

        var step = Round((most - least) / (double)WantedSteps);
        var bottom = FloorTo(least, step);
        return new ChartScale(bottom, step, (int)((FloorTo(most - 1, step) + step - bottom) / step));
    }

    /// <summary>How far a value lies below the top of a drawing of this height.</summary>
    public double Below(long value, double height) => height * (Top - value) / (Top - Bottom);

    private static long FloorTo(long value, long step) => (long)Math.Floor(value / (double)step) * step;

    /// <summary>The next of 1, 2, 5, 10, 20, 50 and so on.</summary>
    private static long Round(double step)
    {
        var power = (long)Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, step))));
        return step <= power ? power
            : step <= 2 * power ? 2 * power
            : step <= 5 * power ? 5 * power
            : 10 * power;
    }
}
