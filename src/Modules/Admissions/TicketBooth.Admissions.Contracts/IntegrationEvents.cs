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
