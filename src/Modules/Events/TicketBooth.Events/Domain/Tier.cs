using TicketBooth.Events.Contracts;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Domain;

/// <summary>A price category of an event's tickets.</summary>
/// <param name="Pricing">What a ticket costs, and what that is made of.</param>
/// <param name="Tickets">Its numbers, ascending. Tickets are not rows: a range of numbers is all there is of them until somebody holds one.</param>
/// <param name="Held">How many of its tickets are on payment. Belongs to the sales: an edit never writes it.</param>
/// <param name="Sold">How many are sold. Belongs to the sales as well.</param>
internal sealed record Tier(Guid Id, string Name, TierPricing Pricing, IReadOnlyList<TicketRange> Tickets, int Held, int Sold)
{
    /// <summary>What a ticket costs now, in cents: the one price that every reader sees.</summary>
    public long Price => Pricing.Price;

    public int Released => Tickets.Sum(range => range.Count);

    public int Available => Released - Held - Sold;

    public bool Has(int number) => Tickets.Any(range => number >= range.First && number - range.First < range.Count);
}
