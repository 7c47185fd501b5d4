using System.Globalization;
using System.Resources;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Pricing;

/// <summary>
/// Explains to staff why a price is what it is; in English, or in another language that <c>PriceWords.resx</c> is translated to.
/// </summary>
internal sealed class PriceWords
{
    private static readonly ResourceManager Texts = new(typeof(PriceWords));
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    private static readonly PriceLimits[] ByWeight =
    [
        PriceLimits.NoFalling,
        PriceLimits.Interval,
        PriceLimits.Step,
        PriceLimits.Ceiling,
        PriceLimits.Floor,
        PriceLimits.MaxIncrease,
        PriceLimits.MaxDecrease,
        PriceLimits.Band,
    ];

    private readonly CultureInfo language;

    private PriceWords(CultureInfo language) => this.language = language;

    /// <param name="cause">Why a price changed.</param>
    /// <param name="language">Null is English.</param>
    public static string Explain(PriceCause cause, CultureInfo? language = null)
    {
        var words = new PriceWords(language ?? English);
        return cause switch
        {
            { Figures: { } figures } => words.Weigh(figures),
            { Reason: PriceChangeReason.Published } => words.Say("Published"),
            { Reason: PriceChangeReason.Edited } => words.Say("Edited", cause.By?.Name ?? words.Say("System")),
            { Reason: PriceChangeReason.Adjusted } => words.Say("Adjusted", cause.By?.Name, cause.Percentage),
            _ => words.Say("PolicyChanged", cause.By?.Name),
        };
    }

    /// <inheritdoc cref="Explain(PriceCause, CultureInfo?)"/>
    public static string Explain(PriceReasons reasons, CultureInfo? language = null) => new PriceWords(language ?? English).Weigh(reasons);

    private string Weigh(PriceReasons reasons) =>
        reasons.Limits switch
        {
            PriceLimits.Off or PriceLimits.Paused or PriceLimits.NotOpen or PriceLimits.Closed or PriceLimits.Free => Say(
                reasons.Limits.ToString()
            ),
            _ => $"{Seen(reasons)} {Done(reasons)}{Held(reasons)}",
        };

    private string Seen(PriceReasons reasons)
    {
        var share = reasons.ShareTaken * 100;
        return reasons.Minutes < 1 ? Say("Share", share)
            : reasons.Minutes > reasons.MinutesLeft
                ? Say("ShareAndWhatIsLeft", share, reasons.Taken, Time(reasons.Minutes), reasons.Available, Time(reasons.MinutesLeft))
            : Say("ShareAndPace", share, reasons.Taken, Time(reasons.Minutes), Tickets(reasons.SellOutPacePerHour * reasons.Minutes / 60));
    }

    private string Done(PriceReasons reasons) =>
        reasons.To == reasons.From
            ? Say("Stays", Points(reasons.From))
            : Say(reasons.To > reasons.From ? "Rises" : "Falls", Points(reasons.To), Points(reasons.From));

    /// <summary>The first of what kept the price from going further.</summary>
    private string Held(PriceReasons reasons) =>
        Say(ByWeight.FirstOrDefault(limit => reasons.Limits.HasFlag(limit)).ToString(), Points(reasons.Target));

    private string Time(double minutes) => minutes < 120 ? Say("Minutes", minutes) : Say("Hours", minutes / 60);

    private string Tickets(double count) => count.ToString(count < 10 ? "0.#" : "0", language);

    private string Points(int basisPoints) => (basisPoints / 100m).ToString("+0.#;-0.#;0", language) + " %";

    private string Say(string text, params object?[] figures) =>
        string.Format(
            language,
            Texts.GetString(text, language) ?? throw new MissingManifestResourceException($"PriceWords.resx has no {text}."),
            figures
        );
}
