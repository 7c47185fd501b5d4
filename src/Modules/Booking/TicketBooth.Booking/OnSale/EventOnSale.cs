using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>An event's snapshot in the form that orders need: from a ticket's number to its tier in one step.</summary>
internal sealed class EventOnSale
{
    private const byte NoTier = byte.MaxValue;

    private readonly EventForSale snapshot;
    private readonly byte[] tierByNumber;

    public EventOnSale(EventForSale snapshot, ushort shard)
    {
        this.snapshot = snapshot;
        Shard = shard;
        TiersByPrice = [.. snapshot.Tiers.OrderBy(tier => tier.Price)];
        tierByNumber = new byte[1 + snapshot.Tiers.SelectMany(tier => tier.Tickets).Max(range => range.First + range.Count - 1)];
        Array.Fill(tierByNumber, NoTier);
        for (var tier = 0; tier < snapshot.Tiers.Count; tier++)
        {
            foreach (var range in snapshot.Tiers[tier].Tickets)
            {
                Array.Fill(tierByNumber, (byte)tier, range.First, range.Count);
            }
        }
    }

    public Guid Id => snapshot.Id;

    public long Version => snapshot.Version;

    public ushort Shard { get; }

    public string Currency => snapshot.Currency;

    public bool IsCanceled => snapshot.IsCanceled;

    public DateTimeOffset ChangedAt => snapshot.ChangedAt;

    /// <summary>
    /// On what terms buyers cancel paid orders: those of the event, but after the show was moved far for a while without a fee.
    /// </summary>
    public CancelTerms CancelTermsAt(DateTimeOffset now) =>
        snapshot.RefundWindowUntil is { } until && now < until
            ? new CancelTerms(until)
            : new CancelTerms(snapshot.RefundableUntil ?? snapshot.SaleClosesAt, snapshot.RefundFeePercent);

    /// <summary>Whether its show has started and its sale has closed.</summary>
    public bool HasEndedAt(DateTimeOffset now) => now >= snapshot.EndsAt;

    /// <summary>Lowest price first; tiers of one price in the organizer's order.</summary>
    public IReadOnlyList<TierForSale> TiersByPrice { get; }

    public Error? WhyNotOnSale(DateTimeOffset now) =>
        this switch
        {
            { IsCanceled: true } => BookingErrors.EventCanceled,
            _ when now < snapshot.SaleOpensAt => BookingErrors.SaleNotOpen,
            _ when now >= snapshot.SaleClosesAt => BookingErrors.SaleClosed,
            _ => null,
        };

    /// <summary>Why tickets cannot be ordered; null when they can, if nobody has them.</summary>
    public Error? WhyNot(IReadOnlyList<Guid>? ticketIds, Guid? tierId, DateTimeOffset now)
    {
        foreach (var ticket in ticketIds ?? [])
        {
            if (TaggedId.BaseOf(ticket) != Id)
            {
                return BookingErrors.DifferentEvents;
            }

            if (!HasTicket(NumberOf(ticket)))
            {
                return BookingErrors.TicketNotFound;
            }
        }

        return tierId is { } tier && !HasTier(tier) ? BookingErrors.TierNotFound : WhyNotOnSale(now);
    }

    /// <summary>0, which no ticket has, for an id that is not a ticket's.</summary>
    public static int NumberOf(Guid ticketId) => TaggedId.TryReadTag(ticketId, out var number) ? number : 0;

    public bool HasTicket(int number) => number < tierByNumber.Length && tierByNumber[number] != NoTier;

    public bool HasTier(Guid tierId) => snapshot.Tiers.Any(tier => tier.Id == tierId);

    /// <summary>The numbers of a tier's tickets; null without a tier, or when the event does not have it.</summary>
    public IReadOnlyList<TicketRange>? TicketsOf(Guid? tierId) => snapshot.Tiers.FirstOrDefault(tier => tier.Id == tierId)?.Tickets;

    /// <summary>The ticket at its tier's current price, which becomes the price the order quotes (promise I6).</summary>
    public OrderedTicket Ticket(int number)
    {
        var tier = snapshot.Tiers[tierByNumber[number]];
        return new OrderedTicket(TaggedId.Of(Id, (ushort)number), number, tier.Id, tier.Price);
    }

    /// <summary>What the tickets cost together at their tiers' current prices, in cents.</summary>
    public long TotalOf(int[] numbers)
    {
        var total = 0L;
        foreach (var number in numbers)
        {
            total += snapshot.Tiers[tierByNumber[number]].Price;
        }

        return total;
    }

    /// <summary>Names the event in the log of work that failed for it.</summary>
    public override string ToString() => $"event {Id}";
}
