using System.Globalization;
using System.Resources;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Notifications.Composing;

/// <summary>The texts of all mails, in <c>MailWords.resx</c> and <c>MailWords.pt-BR.resx</c>, and how they show times and money.</summary>
internal sealed class MailWords
{
    private static readonly ResourceManager Texts = new(typeof(MailWords));

    // Currencies whose sign is unambiguous. The others are shown by their code.
    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["BRL"] = "R$",
        ["USD"] = "US$",
        ["EUR"] = "€",
        ["GBP"] = "£",
    };

    private readonly CultureInfo culture;
    private readonly TimeZoneInfo zone;

    /// <param name="language"><c>pt-BR</c>; anything else is English.</param>
    /// <param name="zone">Of times.</param>
    public MailWords(string language, TimeZoneInfo zone)
    {
        culture = CultureInfo.GetCultureInfo(language == "pt-BR" ? language : "en");
        this.zone = zone;
    }

    public string Language => culture.Name;

    public string this[string key, params object[] values] =>
        string.Format(culture, Texts.GetString(key, culture) ?? throw new InvalidOperationException($"Mails have no text {key}."), values);

    /// <summary>The whole date and the time.</summary>
    public string Moment(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).ToString("f", culture);

    public string Clock(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).ToString("t", culture);

    /// <param name="amount">In the currency's smallest unit.</param>
    /// <param name="currency">ISO 4217.</param>
    public string Money(long amount, string currency)
    {
        var numbers = (NumberFormatInfo)culture.NumberFormat.Clone();
        numbers.CurrencySymbol = Signs.TryGetValue(currency, out var sign) ? sign : currency + "\u00a0";
        numbers.CurrencyDecimalDigits = Currencies.DecimalsOf(currency);
        return Currencies.ToAmount(amount, currency).ToString("C", numbers);
    }
}
