using System.Globalization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>What a clerk typed.</summary>
internal sealed class SaleInput
{
    public const int MostTickets = 10;

    public Guid Tier { get; set; }

    /// <summary>The tier's price that the page showed, in cents.</summary>
    public Dictionary<Guid, long> Prices { get; set; } = [];

    public int Quantity { get; set; } = 1;

    public CounterMethod Method { get; set; }

    public string? Tendered { get; set; }

    public string? Reference { get; set; }

    public string? Reason { get; set; }

    public string? BuyerName { get; set; }

    public string? Email { get; set; }

    /// <summary>The total that the page showed; null when what is sold costs nothing.</summary>
    public long? ExpectedTotal =>
        Method == CounterMethod.Complimentary || !Prices.TryGetValue(Tier, out var price) ? null : price * Quantity;

    /// <summary>What is wrong: a key of <see cref="Words"/>; null for nothing.</summary>
    public string? Fault =>
        Quantity is < 1 or > MostTickets ? "Sell 1 to 10 tickets at a time."
        : Method == CounterMethod.CardTerminal && string.IsNullOrWhiteSpace(Reference) ? "Type the card terminal's reference."
        : Method == CounterMethod.Complimentary && string.IsNullOrWhiteSpace(Reason) ? "Say why the tickets are given away."
        : null;

    /// <summary>An amount as it is typed, in the smallest unit; null when it is none.</summary>
    public static long? UnitsOf(string? amount, string currency) =>
        decimal.TryParse(amount, PlainNumbers.Style, CultureInfo.CurrentCulture, out var typed)
        && Currencies.ToUnits(typed, currency) is >= 0 and var units
            ? units
            : null;

    /// <summary>The request. What belongs to another method than the one chosen is left out.</summary>
    /// <param name="tendered">In cents; null when nobody said.</param>
    public SellAtCounter ToRequest(Guid eventId, long? tendered, Actor by, Guid operation) =>
        new(
            eventId,
            Tier,
            TicketIds: null,
            Quantity,
            Method,
            Method == CounterMethod.CardTerminal ? Reference : null,
            Method == CounterMethod.Cash ? tendered : null,
            BuyerName,
            Email,
            string.IsNullOrWhiteSpace(Email) ? null : CultureInfo.CurrentUICulture.Name,
            Method == CounterMethod.Complimentary ? Reason : null,
            ExpectedTotal,
            by,
            operation
        );
}
