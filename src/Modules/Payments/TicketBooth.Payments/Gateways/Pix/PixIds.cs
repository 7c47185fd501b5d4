using System.Globalization;
using System.Text.RegularExpressions;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>Our ids and amounts in the API's words, and back.</summary>
internal static partial class PixIds
{
    public const string Currency = "BRL";

    /// <summary>A payment's id as that of its charge, a refund's id as that of its devolução: 32 letters and digits.</summary>
    public static string Of(Guid id) => id.ToString("N");

    /// <summary>Null for an id that is not one of ours: another program's, a person's at the provider, or none.</summary>
    public static Guid? Read(string? id) => Guid.TryParseExact(id, "N", out var ours) ? ours : null;

    public static bool IsEndToEndId(string id) => EndToEndId().IsMatch(id);

    public static string AmountOf(long cents) => Currencies.ToText(cents, Currency, CultureInfo.InvariantCulture);

    /// <summary>Null for what is no amount.</summary>
    public static long? CentsOf(string amount) =>
        decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? Currencies.ToUnits(value, Currency)
            : null;

    public static string TimeOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("^E[0-9]{20}[a-zA-Z0-9]{11}\\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EndToEndId();
}
