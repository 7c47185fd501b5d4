namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>When this process last worked for a buyer who waits. What only follows the sales gives way to it.</summary>
/// <param name="clock">The time of the machine, not of the product: a test that stops the product's clock must not stop work.</param>
public sealed class SalesActivity(TimeProvider clock)
{
    private long last = clock.GetTimestamp() - (60 * clock.TimestampFrequency);

    /// <summary>For how long no buyer has been served.</summary>
    public TimeSpan Pause => clock.GetElapsedTime(Volatile.Read(ref last));

    /// <summary>Notes that a buyer is being served now.</summary>
    public void Note() => Volatile.Write(ref last, clock.GetTimestamp());
}
