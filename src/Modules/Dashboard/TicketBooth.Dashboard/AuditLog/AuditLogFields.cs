using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>The fields of events, orders and users as pages call them.</summary>
internal static partial class AuditLogFields
{
    /// <summary>Keys of <see cref="Shell.Words"/>, by the name in JSON.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["name"] = "Name",
        ["venue"] = "Venue",
        ["description"] = "Description",
        ["startsAt"] = "Starts",
        ["publishedAt"] = "Sale opens",
        ["endsSellingAt"] = "Sale closes",
        ["capacity"] = "Capacity of the venue",
        ["currency"] = "Currency",
        ["large"] = "High demand (dedicated storage)",
        ["tiers"] = "Tier",
        ["available"] = "Available",
        ["price"] = "Price",
        ["priceFrom"] = "Price",
        ["prices"] = "Price now",
        ["floor"] = "Floor",
        ["ceiling"] = "Ceiling",
        ["roundingUnit"] = "Round prices to (amount)",
        ["tickets"] = "Tickets",
        ["status"] = "Status",
        ["policy"] = "Pricing policy",
        ["mode"] = "Prices follow",
        ["paused"] = "Paused",
        ["allowFalling"] = "Prices may fall",
        ["roles"] = "Roles",
        ["email"] = "E-mail",
        ["hasSecondFactor"] = "Second factor",
        ["isInvited"] = "Invited",
        ["isDisabled"] = "Disabled",
        ["total"] = "Total",
        ["paidAt"] = "Paid",
        ["endedAt"] = "Ended",
        ["paymentId"] = "Payment",
    };

    private static readonly IReadOnlySet<string> Money = new HashSet<string>(
        ["price", "priceFrom", "floor", "ceiling", "roundingUnit", "total"],
        StringComparer.Ordinal
    );

    /// <summary>The parts of a path, for example <c>form.tiers[2].price</c>: each a name to translate, and its place in a list.</summary>
    public static IReadOnlyList<(string Name, string? Place)> PartsOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return
        [
            .. Part()
                .Matches(path)
                .Select(part =>
                    (Name: part.Groups["name"].Value, Place: part.Groups["place"] is { Success: true } place ? place.Value : null)
                )
                .Where(part => part.Name != "form")
                // The whole event has the venue's capacity, a tier has tickets.
                .Select((part, depth) => depth > 0 && part.Name == "capacity" ? part with { Name = "tickets" } : part)
                .Select(part => (Names.GetValueOrDefault(part.Name, part.Name), part.Place)),
        ];
    }

    /// <summary>Money as an amount; everything else as it is stored.</summary>
    public static string ValueOf(string path, string? value, string currency)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = Part().Matches(path).Select(part => part.Groups["name"].Value).LastOrDefault("");
        return Money.Contains(name) && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cents)
            ? Currencies
                .ToAmount(cents, currency)
                .ToString("N" + Currencies.DecimalsOf(currency).ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture)
            : value ?? "–";
    }

    /// <summary>The currency of the money in a stored state; empty where none is named, and where there is no state.</summary>
    public static string CurrencyOf(string? state)
    {
        var root = state is null ? null : JsonNode.Parse(state) as JsonObject;
        return (string?)(root?["currency"] ?? (root?["form"] as JsonObject)?["currency"]) ?? "";
    }

    [GeneratedRegex(@"(?<name>\w+)(\[(?<place>\d+)\])?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Part();
}
