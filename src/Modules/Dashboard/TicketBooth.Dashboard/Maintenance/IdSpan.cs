using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>The ids that were made in a span of time: an id begins with its time, so they follow one another.</summary>
/// <param name="First">No id before it belongs to the span.</param>
/// <param name="End">The ids before it belong to the span.</param>
internal readonly record struct IdSpan(Guid First, Guid End)
{
    public static IdSpan Everything { get; } = new(Guid.Empty, Guid.AllBitsSet);

    public static IdSpan Since(DateTimeOffset from) => Everything with { First = TaggedId.Earliest(from) };

    public static IdSpan Before(DateTimeOffset until) => Everything with { End = TaggedId.Earliest(until) };

    public static IdSpan Between(DateTimeOffset from, DateTimeOffset until) => new(TaggedId.Earliest(from), TaggedId.Earliest(until));

    public bool IsPassedBy(Guid id) => id >= End;
}
