namespace TicketBooth.Events.Reads.Cache;

/// <summary>Numbers that change with every eviction: an answer is good while its key has the stamp that it had before the load.</summary>
/// <remarks>
/// Events whose ids have the same hash share a stamp. That costs a load now and then, and bounds the memory that stamps take.
/// </remarks>
internal sealed class ReadStamps
{
    private const int Count = 4096;

    private readonly long[] stamps = new long[Count];
    private long listStamp;
    private long allStamp;

    /// <remarks>A sum of numbers that only grow stays the same only while each of them does.</remarks>
    public long Of(Guid eventId) =>
        Interlocked.Read(ref allStamp)
        + (eventId == Guid.Empty ? Interlocked.Read(ref listStamp) : Interlocked.Read(ref stamps[IndexOf(eventId)]));

    /// <summary>Outdates everything about an event, and all lists.</summary>
    public void Advance(Guid eventId)
    {
        Interlocked.Increment(ref stamps[IndexOf(eventId)]);
        Interlocked.Increment(ref listStamp);
    }

    /// <summary>Outdates everything.</summary>
    public void AdvanceAll() => Interlocked.Increment(ref allStamp);

    private static int IndexOf(Guid eventId) => (int)((uint)eventId.GetHashCode() % Count);
}
