using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Domain;

internal enum Direction
{
    In,
    Out,
}

internal enum CheckInOutcome
{
    /// <summary>Let in.</summary>
    Admitted,

    /// <summary>The ticket is inside, or it was and may not come again.</summary>
    AlreadyAdmitted,

    /// <summary>Refunded, sold again, transferred or issued anew; or the event is canceled.</summary>
    Void,

    /// <summary>A ticket of another event.</summary>
    WrongEvent,

    TooEarly,

    TooLate,

    /// <summary>No code of ours, or one of a ticket that is not known here.</summary>
    UnknownCode,

    /// <summary>It looks like a code of ours, and we have not signed it.</summary>
    Forged,

    /// <summary>Let out.</summary>
    Left,

    /// <summary>To be let out, and not inside.</summary>
    NotInside,

    /// <summary>Offered to somebody else, who has not answered yet.</summary>
    InTransfer,
}

/// <summary>A code that was held to a scanner, or a ticket that staff picked from a list, and what came of it.</summary>
/// <param name="Id">The scanner's: a repeated request has the same.</param>
/// <param name="ScannedAt">By the scanner, never later than <paramref name="At"/>.</param>
/// <param name="At">When we were told.</param>
/// <param name="IsOffline">The scanner had decided by itself before it told us.</param>
internal sealed record Scan(
    Guid Id,
    TicketCode? Code,
    Direction Direction,
    CheckInOutcome Outcome,
    DateTimeOffset ScannedAt,
    DateTimeOffset At,
    Actor By,
    bool IsOffline
)
{
    /// <summary>Which passage of the ticket it is, from 1; null when it is none, or was taken back.</summary>
    public int? Turn { get; init; }

    /// <summary>The scan before, which is why this one was refused.</summary>
    public Guid? PreviousId { get; init; }

    public Guid? OrderId { get; init; }

    public Guid? TierId { get; init; }

    public DateTimeOffset? UndoneAt { get; init; }

    public bool IsPassage => Outcome is CheckInOutcome.Admitted or CheckInOutcome.Left;

    /// <summary>The message about a passage; none about what was refused.</summary>
    public IPassageMessage? ToMessage()
    {
        if (Code is not { } code || Turn is not { } turn || OrderId is not { } orderId || TierId is not { } tierId)
        {
            return null;
        }

        var ticketId = TaggedId.Of(code.EventId, (ushort)code.Number);
        return Outcome == CheckInOutcome.Admitted
            ? new TicketCheckedIn(Id, code.EventId, ticketId, tierId, orderId, turn, ScannedAt, At, code.Generation)
            : new TicketCheckedOut(Id, code.EventId, ticketId, tierId, orderId, turn, ScannedAt, At, code.Generation);
    }
}
