namespace TicketBooth.Gateways.Pix;

/// <summary>The stand-in's clock: the machine's, moved by as much as a test says. All that the stand-in dates or lets expire goes by it.</summary>
public sealed class PixClock : TimeProvider
{
    private long offset;

    /// <summary>In whole milliseconds, as the API writes times: what a page shows is what a search for that page's times finds.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        var now = System.GetUtcNow().AddTicks(Interlocked.Read(ref offset));
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    public void Advance(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref offset, (now - System.GetUtcNow()).Ticks);
}
