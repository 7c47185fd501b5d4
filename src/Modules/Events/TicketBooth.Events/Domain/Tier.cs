using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>A price category of an event's tickets.</summary>
/// <param name="Pricing">What a ticket costs, and what that is made of.</param>
/// <param name="Tickets">
/// The numbers of its tickets, ascending. There is no row per ticket: a ticket that nobody holds is only a number in a range.
/// </param>
/// <param name="Held">How many of its tickets are on payment. Written by ticket updates, never by an edit.</param>
/// <param name="Sold">How many are sold. Written by ticket updates, never by an edit.</param>
internal sealed record Tier(Guid Id, string Name, TierPricing Pricing, IReadOnlyList<TicketRange> Tickets, int Held, int Sold)
{
    /// <summary>What a ticket costs now, in cents: the price that every reader sees.</summary>
    public long Price => Pricing.Price;

    /// <summary>How many of its tickets staff hold for the house: nobody can order them until they are released.</summary>
    public int OffSale { get; init; }

    /// <summary>How many of its tickets staff have withdrawn for good.</summary>
    public int Withdrawn { get; init; }

    /// <summary>How many ticket numbers it has, those of withdrawn tickets too: a number is never given twice.</summary>
    public int Numbers => Tickets.Sum(range => range.Count);

    public int Released => Numbers - Withdrawn;

    /// <summary>How many can be ordered. Messages may overtake each other, so for moments it may be too low.</summary>
    public int Available => Math.Max(0, Released - OffSale - Held - Sold);

    public bool Has(int number) => Tickets.Any(range => number >= range.First && number - range.First < range.Count);
}
