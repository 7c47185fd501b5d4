namespace TicketBooth.LoadTests.Figures;

/// <summary>How long requests took, exactly: every one is kept.</summary>
internal sealed class Latencies
{
    private readonly TimeSpan[] ascending;

    public Latencies(IEnumerable<TimeSpan> taken)
    {
        ascending = [.. taken];
        Array.Sort(ascending);
    }

    public int Count => ascending.Length;

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)ascending.Average(one => one.Ticks));

    public TimeSpan Longest => Count == 0 ? TimeSpan.Zero : ascending[^1];

    /// <summary>The shortest time within which at least this share (0 to 1) of the requests was answered.</summary>
    public TimeSpan Within(double share) =>
        Count == 0 ? TimeSpan.Zero : ascending[Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1)];
}
