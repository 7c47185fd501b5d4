using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>
/// What is special of an order that was sold at the counter. Its entries are in the same write as the order's change (promise I3): a shift
/// counts the entries of its orders, so money and tickets cannot part.
/// </summary>
internal sealed record CounterSale(CounterMethod Method, Actor Clerk, DateTimeOffset VoidableUntil)
{
    /// <summary>
    /// The buyer of all tickets that are given away. They take turns as one buyer, so that <see cref="Order.Turn"/> decides about an
    /// event's allowance. No account has this id.
    /// </summary>
    public static readonly Guid Guests = NamedId.Of("complimentary");

    /// <summary>Of the card terminal's payment.</summary>
    public string? Reference { get; init; }

    /// <summary>Cents that the buyer handed over.</summary>
    public long? Tendered { get; init; }

    public string? BuyerName { get; init; }

    public string? Email { get; init; }

    public string? Language { get; init; }

    /// <summary>Why it is complimentary.</summary>
    public string? Reason { get; init; }

    /// <summary>How many tickets of the event could be given away when it was; null when it was not.</summary>
    public int? Allowance { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CounterEntry> Entries { get; init; } = [];

    public bool IsComplimentary => Method == CounterMethod.Complimentary;

    /// <summary>The shift that has the sale's money; null for a complimentary sale outside a shift.</summary>
    public Guid? ShiftId => Entries.FirstOrDefault(entry => entry.Kind == ShiftEntryKind.Sale)?.ShiftId;

    public bool Has(Guid entryId) => Entries.Any(entry => entry.Id == entryId);

    public CounterSale With(CounterEntry entry) => this with { Entries = [.. Entries, entry] };

    public OrderCounterView ToView(Order order) =>
        new(
            Method,
            Clerk.Name,
            ShiftId,
            Reference,
            Tendered,
            Tendered - order.Total,
            BuyerName,
            Email,
            Language,
            Reason,
            VoidableUntil,
            order.OwedAtCounter
        );

    public CounterFacts ToFacts(Order order) =>
        new(Method, Clerk, ShiftId, BuyerName, Email, Language)
        {
            Change = Tendered - order.Total,
            VoidableUntil = VoidableUntil,
            Owed = order.OwedAtCounter,
        };
}

/// <summary>Money of an order that came into a shift or left it.</summary>
/// <param name="Id">Of the operation: the shift knows it by this id before the order is written.</param>
/// <param name="Amount">Cents; less than 0 for what left.</param>
/// <param name="Text">The reason, or the card terminal's reference.</param>
internal sealed record CounterEntry(Guid Id, Guid ShiftId, ShiftEntryKind Kind, long Amount, string? Text, Actor By, DateTimeOffset At);
