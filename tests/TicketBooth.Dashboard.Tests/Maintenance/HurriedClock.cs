namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>A clock whose timers fire forty times sooner.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime / 40, period);
}
