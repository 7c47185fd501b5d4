namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>A clock whose timers fire forty times sooner.</summary>
/// <param name="ahead">By how much it is ahead of the others.</param>
internal sealed class HurriedClock(TimeSpan ahead = default) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime / 40, period);
}
