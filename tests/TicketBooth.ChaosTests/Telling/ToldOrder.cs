using System.Collections.Immutable;

namespace TicketBooth.ChaosTests.Telling;

/// <summary>A ticket of an order, as its buyer was told.</summary>
internal sealed record ToldTicket(Guid Id, int Number, Guid TierId, long Price);

/// <summary>A refund, as somebody was told.</summary>
internal sealed record ToldRefund(Guid Id, long Amount, bool Released);

/// <summary>All that clients were told of an order, and what they asked for without an answer. Never changed in place.</summary>
internal sealed record ToldOrder(Guid Id, Guid EventId, Guid BuyerId, long Total, ImmutableArray<ToldTicket> Tickets)
{
    /// <summary>Every status that some answer had.</summary>
    public ImmutableHashSet<string> Seen { get; init; } = [];

    public ImmutableDictionary<Guid, ToldRefund> Refunds { get; init; } = ImmutableDictionary<Guid, ToldRefund>.Empty;

    /// <summary>Payments that were accepted with 202.</summary>
    public ImmutableHashSet<Guid> Payments { get; init; } = [];

    /// <summary>The highest that an answer said has gone back, or is on its way.</summary>
    public long Returned { get; init; }

    /// <summary>Somebody asked to cancel or refund it, answered or not: without that it may not end so.</summary>
    public bool EndAsked { get; init; }
}

/// <summary>An event that was made.</summary>
internal sealed record ToldEvent(Guid Id, int Tickets)
{
    /// <summary>Somebody asked to cancel it, answered or not.</summary>
    public bool CancelAsked { get; init; }

    /// <summary>Somebody was told that it is canceled.</summary>
    public bool IsCanceled { get; init; }
}
