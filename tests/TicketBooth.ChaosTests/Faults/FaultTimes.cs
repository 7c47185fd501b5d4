namespace TicketBooth.ChaosTests.Faults;

/// <summary>How long faults last.</summary>
internal sealed record FaultTimes(TimeSpan Freeze, TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>A start on a machine that does nothing else takes about as long.</summary>
    public const int LongestStartMilliseconds = 4_000;

    /// <summary>What orchestrators wait before they kill, and as much again for a machine that has other things to do.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    public static FaultTimes Whole { get; } = new(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12));

    /// <summary>For the short form.</summary>
    public static FaultTimes Short { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

    public TimeSpan Some(Random dice) => Shortest + ((Longest - Shortest) * dice.NextDouble());
}
