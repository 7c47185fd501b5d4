using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>
/// A clerk's shift. It knows which orders may have entries of it, and their amounts stand in the orders. Never changed in place: every
/// change is a new value with the next version, and is written only over the version before it.
/// </summary>
internal sealed record Shift(Guid Id, Actor Clerk, string Currency, long Float, DateTimeOffset OpenedAt)
{
    /// <summary>Counts the changes.</summary>
    public int Version { get; init; } = 1;

    /// <summary>
    /// Announced before the order is written, so that a close knows of it: the close is a change of this shift, too, so one of the two is
    /// first.
    /// </summary>
    public IReadOnlyList<AnnouncedEntry> Announced { get; init; } = [];

    public IReadOnlyList<CashMove> Moves { get; init; } = [];

    public ShiftClose? Close { get; init; }

    public bool IsOpen => Close is null;
}

/// <summary>An order is about to be written with an entry of the shift.</summary>
internal sealed record AnnouncedEntry(Guid EntryId, Guid OrderId, DateTimeOffset At);

/// <summary>Cash that was put into the drawer, or taken out of it.</summary>
/// <param name="Amount">Cents; less than 0 for what was taken out.</param>
internal sealed record CashMove(Guid Id, long Amount, string Reason, Actor By, DateTimeOffset At);

/// <summary>How a shift ended.</summary>
/// <param name="Counted">Cents in the drawer.</param>
/// <param name="Expected">What the entries and the float made at that moment. Audit counts it again.</param>
internal sealed record ShiftClose(DateTimeOffset At, long Counted, long Expected, string? Note, Actor By);
