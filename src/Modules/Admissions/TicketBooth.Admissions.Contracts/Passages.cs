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

/// <summary>
/// Pages through all tickets that were ever issued, in the order of event, number and order: for whoever takes them to another system.
/// </summary>
/// <param name="After">The last ticket of the page before; null for the beginning.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record ListTicketFacts(TicketFacts? After, int Limit) : IRequest<Result<IReadOnlyList<TicketFacts>>>;

/// <summary>A ticket as one order has it. One that was sold again is another order's as well, under a higher generation.</summary>
/// <param name="IsValid">The order is paid and still holds it.</param>
/// <param name="Generation">How often it was issued, to whomever.</param>
/// <param name="OwnerId">Who may use it: the buyer, or whom they gave it to.</param>
/// <param name="HolderName">Who is to be let in; null when nobody said.</param>
/// <param name="Code">What opens the door; null until somebody asks for it.</param>
public sealed record TicketFacts(
    Guid TicketId,
    Guid EventId,
    int Number,
    Guid OrderId,
    Guid TierId,
    bool IsValid,
    int Generation,
    Guid OwnerId,
    string? HolderName,
    string? Code
);
