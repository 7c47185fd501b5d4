using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Contracts;

/// <summary>
/// Lists the passages through all doors by the ids of their scans, those that were taken back too: for a module that keeps a copy of them.
/// </summary>
/// <param name="After">The scan before the first one; null for the beginning.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ListPassageFacts(Guid? After, int Limit) : IRequest<Result<IReadOnlyList<PassageFacts>>>;

/// <summary>A passage as it is now.</summary>
/// <param name="Generation">Of the ticket's code.</param>
/// <param name="Turn">Which passage of the code it is, from 1; 0 when it was taken back.</param>
/// <param name="IsEntry">In, and not out.</param>
/// <param name="IsUndone">It was taken back, and does not count.</param>
public sealed record PassageFacts(
    Guid ScanId,
    Guid EventId,
    Guid TicketId,
    int Generation,
    int Turn,
    bool IsEntry,
    DateTimeOffset ScannedAt,
    bool IsUndone
);
