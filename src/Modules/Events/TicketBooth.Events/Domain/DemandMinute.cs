namespace TicketBooth.Events.Domain;

/// <summary>By how much a tier's counters changed in one minute: tickets that were taken, sold or given back.</summary>
/// <param name="Minute">Since 0001-01-01.</param>
internal readonly record struct DemandMinute(long Minute, Guid TierId, int Held, int Sold)
{
    /// <summary>How long minutes are kept: longer than the seven days that a dry run may look back.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(8);

    public int Taken => Held + Sold;

    public static long Of(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    public static DateTimeOffset TimeOf(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
