using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Domain;

/// <summary>A ticket as one order has it. A ticket that was sold again is another order's as well, under a higher generation.</summary>
internal sealed record IssuedTicket(Guid EventId, int Number, Guid OrderId)
{
    public (Guid EventId, int Number, Guid OrderId) Key => (EventId, Number, OrderId);

    public required Guid TierId { get; init; }

    /// <summary>What the order paid for it, in cents.</summary>
    public required long Price { get; init; }

    public required string Currency { get; init; }

    public required Guid BuyerId { get; init; }

    /// <summary>The order's, as far as its messages have come.</summary>
    public required int Revision { get; init; }

    /// <summary>Whether the order is paid and still holds the ticket.</summary>
    public required bool IsActive { get; init; }

    /// <summary>How often the ticket was issued, to whomever: the code with this number is its only one that may be live.</summary>
    public required int Generation { get; init; }

    /// <summary>Grows with every write; of two writers at once, one has read too early.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The signed code; null until somebody asks for it.</summary>
    public string? Code { get; init; }

    /// <summary>Who is to be let in, as the owner has written it.</summary>
    public string? HolderName { get; init; }

    /// <summary>Null while the buyer has it; else whom it was transferred to.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>How often it was transferred.</summary>
    public int Transfers { get; init; }

    /// <summary>The offer of a transfer that is under way; the ticket opens no door meanwhile.</summary>
    public Guid? TransferId { get; init; }

    /// <summary>Whom it is offered to.</summary>
    public string? TransferEmail { get; init; }

    public Guid Id => TaggedId.Of(EventId, (ushort)Number);

    public bool IsOf(Guid userId) => (OwnerId ?? BuyerId) == userId;

    /// <summary>The same ticket under a code of its own: whatever was printed before opens no door.</summary>
    public IssuedTicket Reissued(int generation) => this with { Generation = generation, Code = null };

    /// <summary>The ticket as somebody else's, who writes a name of their own.</summary>
    public IssuedTicket GivenTo(Guid userId, int generation) =>
        Reissued(generation) with
        {
            OwnerId = userId,
            Transfers = Transfers + 1,
            HolderName = null,
        };
}

/// <summary>What a message says about the tickets of an order.</summary>
internal sealed record OrderTickets(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    bool IsPaid,
    string Currency,
    IReadOnlyList<OrderTicket> Tickets
);

internal sealed record OrderTicket(int Number, Guid TierId, long Price, bool IsReleased);
