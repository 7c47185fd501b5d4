using System.Globalization;

namespace TicketBooth.Events.Pricing;

/// <summary>Says why a price is what it is, to somebody who runs a box office.</summary>
internal static class PriceWords
{
    public static string Explain(PriceReasons reasons) => reasons.Limits switch
    {
        PriceLimits.Off => "Prices of this event do not follow demand.",
        PriceLimits.Paused => "Prices of this event are paused.",
        PriceLimits.NotOpen => "The sale has not opened yet.",
        PriceLimits.Closed => "The sale is closed.",
        _ => $"{Seen(reasons)} {Done(reasons)}{Held(reasons)}",
    };

    private static string Seen(PriceReasons reasons)
    {
        var share = $"{Percent(reasons.ShareTaken)} of the tickets are taken";
        return reasons.Minutes < 1 ? $"{share}."
            : reasons.Minutes > reasons.MinutesLeft ? $"{share}: {reasons.Taken} in the last {Time(reasons.Minutes)}; {reasons.Available} are left for the last {Time(reasons.MinutesLeft)}."
            : $"{share}: {reasons.Taken} in the last {Time(reasons.Minutes)}, when {Tickets(reasons.SellOutPacePerHour * reasons.Minutes / 60)} would sell out by the close.";
    }

    private static string Done(PriceReasons reasons) => reasons.To == reasons.From
        ? $"The price stays: demand is {Points(reasons.From)} of the base price"
        : $"The price goes {(reasons.To > reasons.From ? "up" : "down")}: demand is now {Points(reasons.To)} of the base price instead of {Points(reasons.From)}";

    private static string Held(PriceReasons reasons)
    {
        var limits = reasons.Limits;
        return limits.HasFlag(PriceLimits.NoFalling) ? $", and although it points to {Points(reasons.Target)} prices of this event do not fall."
            : limits.HasFlag(PriceLimits.Interval) ? $", and the next step, towards {Points(reasons.Target)}, is not due yet."
            : limits.HasFlag(PriceLimits.Step) ? $", one step on the way to {Points(reasons.Target)}."
            : limits.HasFlag(PriceLimits.Ceiling) ? ", as far as the tier's ceiling lets it."
            : limits.HasFlag(PriceLimits.Floor) ? ", as far as the tier's floor lets it."
            : limits.HasFlag(PriceLimits.MaxIncrease) ? ", the most that the policy adds."
            : limits.HasFlag(PriceLimits.MaxDecrease) ? ", the most that the policy takes off."
            : limits.HasFlag(PriceLimits.Band) ? $", and {Points(reasons.Target)}, where it points to, is too close to move for."
            : ".";
    }

    private static string Time(double minutes) => minutes < 120
        ? Invariant($"{minutes:0} minutes")
        : Invariant($"{minutes / 60:0} hours");

    private static string Tickets(double count) => count < 10 ? Invariant($"{count:0.#}") : Invariant($"{count:0}");

    private static string Percent(double share) => Invariant($"{share * 100:0} %");

    private static string Points(int basisPoints) => Invariant($"{basisPoints / 100m:+0.#;-0.#;0} %");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
