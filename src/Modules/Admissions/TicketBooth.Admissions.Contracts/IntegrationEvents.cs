using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Contracts;

/// <summary>What every message about a passage through the door has in common.</summary>
public interface IPassageMessage : IIntegrationEvent
{
    /// <summary>The scan, or the entry by hand, that let the ticket pass.</summary>
    Guid ScanId { get; }

    Guid EventId { get; }

    /// <summary>The ticket; also the key that keeps its messages in order.</summary>
    Guid TicketId { get; }

    Guid TierId { get; }

    /// <summary>Which passage of the ticket it is: 1 is the first time in, 2 the first time out.</summary>
    int Turn { get; }

    /// <summary>When the ticket was scanned; while its scanner was offline, before it was told.</summary>
    DateTimeOffset ScannedAt { get; }

    /// <summary>Of the code; turns are counted by code. 0 in messages that were written before it was told.</summary>
    int Generation { get; }
}

/// <summary>A ticket was let in.</summary>
public sealed record TicketCheckedIn(
    Guid ScanId,
    Guid EventId,
    Guid TicketId,
    Guid TierId,
    Guid OrderId,
    int Turn,
    DateTimeOffset ScannedAt,
    DateTimeOffset At,
    int Generation = 0
) : IPassageMessage;

/// <summary>The bearer of a ticket left the house.</summary>
public sealed record TicketCheckedOut(
    Guid ScanId,
    Guid EventId,
    Guid TicketId,
    Guid TierId,
    Guid OrderId,
    int Turn,
    DateTimeOffset ScannedAt,
    DateTimeOffset At,
    int Generation = 0
) : IPassageMessage;

/// <summary>Staff took a passage back: it does not count any more.</summary>
/// <param name="Turn">Which passage of the ticket it was.</param>
/// <param name="ScannedAt">When the ticket had been scanned.</param>
public sealed record CheckInUndone(
    Guid ScanId,
    Guid EventId,
    Guid TicketId,
    Guid TierId,
    Guid OrderId,
    int Turn,
    DateTimeOffset ScannedAt,
    DateTimeOffset At,
    int Generation = 0
) : IPassageMessage;

/// <summary>What every message about the transfer of a ticket has in common.</summary>
public interface ITransferMessage : IIntegrationEvent
{
    /// <summary>The offer.</summary>
    Guid TransferId { get; }

    Guid OrderId { get; }

    Guid EventId { get; }

    /// <summary>The ticket; also the key that keeps its messages in order.</summary>
    Guid TicketId { get; }

    int Number { get; }

    Guid TierId { get; }

    /// <summary>Who has offered it.</summary>
    Guid OwnerId { get; }

    /// <summary>Whom it was offered to, who may have no account.</summary>
    string Email { get; }

    DateTimeOffset At { get; }
}

/// <summary>A ticket was offered to somebody, and opens no door until the offer is answered.</summary>
public sealed record TicketTransferOffered(
    Guid TransferId,
    Guid OrderId,
    Guid EventId,
    Guid TicketId,
    int Number,
    Guid TierId,
    Guid OwnerId,
    string Email,
    DateTimeOffset At
) : ITransferMessage;

/// <summary>The offer of a ticket came to its end.</summary>
public sealed record TicketTransferAnswered(
    Guid TransferId,
    Guid OrderId,
    Guid EventId,
    Guid TicketId,
    int Number,
    Guid TierId,
    Guid OwnerId,
    string Email,
    TransferAnswer Answer,
    DateTimeOffset At
) : ITransferMessage;

/// <summary>What became of an offer.</summary>
public enum TransferAnswer
{
    /// <summary>The ticket is the other one's now.</summary>
    Accepted,

    /// <summary>It stays with its owner.</summary>
    Declined,

    /// <summary>Its owner took the offer back.</summary>
    Withdrawn,
}
