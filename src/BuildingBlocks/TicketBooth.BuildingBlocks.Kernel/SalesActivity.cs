namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>When this process last worked for a buyer who waits. What only follows the sales gives way to it.</summary>
/// <param name="clock">Of the processor, not of the product: a test that stops the product's time stops no work.</param>
public sealed class SalesActivity(TimeProvider clock)
{
    private long last = clock.GetTimestamp() - (60 * clock.TimestampFrequency);

    /// <summary>For how long nobody has been served.</summary>
    public TimeSpan Pause => clock.GetElapsedTime(Volatile.Read(ref last));

    /// <summary>Somebody is being served now.</summary>
    public void Note() => Volatile.Write(ref last, clock.GetTimestamp());
}
