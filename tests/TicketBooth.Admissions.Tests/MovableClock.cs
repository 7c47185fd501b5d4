namespace TicketBooth.Admissions.Tests;

/// <summary>A clock that goes as any other, from a moment that the test names, and that it may move.</summary>
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private long offset = (start - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    public void Move(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);
}
