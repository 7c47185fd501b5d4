namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Whether this process works for buyers who wait, and when it last did. What only follows the sales gives way to it.</summary>
/// <param name="clock">The time of the machine, not of the product: a test that stops the product's clock must not stop work.</param>
public sealed class SalesActivity(TimeProvider clock)
{
    private long last = clock.GetTimestamp() - (60 * clock.TimestampFrequency);
    private int serving;

    /// <summary>For how long no buyer has been served; zero while one is, however long a store takes to answer.</summary>
    public TimeSpan Pause => Volatile.Read(ref serving) > 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref last));

    /// <summary>Notes that buyers are being served from now on, until <see cref="End"/>. Several lanes may do so at once.</summary>
    public void Begin() => Interlocked.Increment(ref serving);

    /// <summary>Notes that what began with <see cref="Begin"/> is done.</summary>
    public void End()
    {
        Volatile.Write(ref last, clock.GetTimestamp());
        Interlocked.Decrement(ref serving);
    }
}
