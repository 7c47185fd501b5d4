namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>The time of a change, of a clock that may step back and that differs from those of other hosts.</summary>
public static class ClockExtensions
{
    /// <summary>Now, but never before <paramref name="last"/>: what follows something is not dated before it.</summary>
    public static DateTimeOffset NotBefore(this TimeProvider clock, DateTimeOffset last)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        return now > last ? now : last;
    }
}
