namespace TicketBooth.Admissions.Tickets;

/// <summary>What a ticket is good for.</summary>
internal enum TicketStatus
{
    /// <summary>It opens the door.</summary>
    Valid,

    /// <summary>It has opened the door.</summary>
    CheckedIn,

    /// <summary>Refunded, sold again or transferred.</summary>
    Void,
}

/// <summary>A ticket of an order.</summary>
/// <param name="Tier">The name of its tier.</param>
/// <param name="HolderName">Who is to be let in; null for whoever shows it.</param>
/// <param name="Code">What the QR code holds; null for a ticket that opens no door.</param>
/// <param name="Price">What was paid for it, in cents.</param>
internal sealed record TicketView(
    Guid TicketId,
    int Number,
    Guid TierId,
    string Tier,
    string? HolderName,
    string? Code,
    TicketStatus Status,
    long Price,
    string Currency
);

/// <summary>The tickets of an order.</summary>
internal sealed record TicketList(IReadOnlyList<TicketView> Items);
