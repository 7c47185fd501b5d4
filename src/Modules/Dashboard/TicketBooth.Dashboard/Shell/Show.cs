using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Formats money, numbers and times in the language of the page.</summary>
internal sealed partial class Show(IOptions<DashboardOptions> options)
{
    // Currencies whose sign is unambiguous. The others are shown by their code.
    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["BRL"] = "R$",
        ["USD"] = "US$",
        ["EUR"] = "€",
        ["GBP"] = "£",
    };

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <param name="cents">Or whatever the currency's smallest unit is.</param>
    /// <param name="currency">ISO 4217; empty while it is not known, and then there is no amount to show.</param>
    public static string Money(long cents, string currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        if (currency.Length == 0)
        {
            return "–";
        }

        var numbers = (NumberFormatInfo)CultureInfo.CurrentCulture.NumberFormat.Clone();
        numbers.CurrencySymbol = Signs.TryGetValue(currency, out var sign) ? sign : currency + "\u00a0";
        numbers.CurrencyDecimalDigits = Currencies.DecimalsOf(currency);
        return Currencies.ToAmount(cents, currency).ToString("C", numbers);
    }

    /// <summary>
    /// Something that people typed, within a text or an attribute of ours. What is written right to left is isolated as <c>bdi</c> does in
    /// HTML: otherwise it would turn the words and the numbers around it. Its own marks of direction could end the isolation; they go.
    /// </summary>
    public static string Isolated(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RightToLeft().IsMatch(text) ? $"\u2068{DirectionMarks().Replace(text, "")}\u2069" : text;
    }

    public static string Number(long count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <param name="share">0 to 1.</param>
    public static string Percent(double share) => share.ToString("P0", CultureInfo.CurrentCulture);

    /// <summary>Date and time in the zone of the settings.</summary>
    public string Text(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("g", CultureInfo.CurrentCulture);

    public static string Text(DateOnly day) => day.ToString("d", CultureInfo.CurrentCulture);

    /// <summary>Today in the zone of the settings, seen from a moment.</summary>
    public DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, Zone).DateTime);

    /// <summary>Day and month, for the axis of a chart.</summary>
    public string ShortDay(DateTimeOffset time) => ShortDay(DayOf(time));

    public static string ShortDay(DateOnly day)
    {
        var culture = CultureInfo.CurrentCulture;
        var isMonthFirst = culture.DateTimeFormat.ShortDatePattern.StartsWith('M');
        return day.ToString(isMonthFirst ? "MMM d" : "d MMM", culture);
    }

    /// <summary>The time of day in the zone of the settings.</summary>
    public string Clock(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("t", CultureInfo.CurrentCulture);

    public string ClockWithSeconds(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("T", CultureInfo.CurrentCulture);

    /// <summary>Date and time in the zone of the settings, in an HTML <c>time</c> element.</summary>
    public IHtmlContent Time(DateTimeOffset time) => Element(time, "g");

    /// <summary>When something happened: to the second.</summary>
    public IHtmlContent Moment(DateTimeOffset time) => Element(time, "G");

    /// <summary>The date alone.</summary>
    public IHtmlContent Day(DateTimeOffset time) => Element(time, "d");

    // Blocks of Hebrew, Arabic and their neighbours, the surrogates of further ones, and the marks of direction themselves.
    [GeneratedRegex(
        @"[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\ud802\ud803\ud83a\ud83b]",
        RegexOptions.None,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex RightToLeft();

    [GeneratedRegex(@"[\u202a-\u202e\u2066-\u2069]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DirectionMarks();

    private TagBuilder Element(DateTimeOffset time, string format)
    {
        var element = new TagBuilder("time");
        element.Attributes["datetime"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        element.InnerHtml.Append(TimeZoneInfo.ConvertTime(time, Zone).ToString(format, CultureInfo.CurrentCulture));
        return element;
    }
}
