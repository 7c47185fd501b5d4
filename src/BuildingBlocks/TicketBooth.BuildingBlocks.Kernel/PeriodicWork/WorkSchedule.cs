namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>When a <see cref="PeriodicWork"/> runs, and on how many hosts.</summary>
/// <param name="Interval">
/// From the start of one round to the start of the next. A round that takes longer is followed by the next at once.
/// </param>
public sealed record WorkSchedule(TimeSpan Interval)
{
    /// <summary>Whether the first round comes with the start of the host; otherwise one interval later.</summary>
    public bool StartsAtOnce { get; init; }

    /// <summary>
    /// By which share of the interval a wait may be shorter, drawn anew each time: hosts that started together do not ask their stores
    /// together. A wait is never longer than the interval. 0 to 1.
    /// </summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>How long a round may take; then it is canceled and counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The lease that one host at a time holds to do this work; null when every host does it.</summary>
    public string? Lease { get; init; }

    /// <summary>How long the lease of a host that died stays taken. Prolonged during a round, given back when the host stops.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(10);
}
