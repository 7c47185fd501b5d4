using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Options;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Formats money, numbers and times in the language of the page.</summary>
internal sealed class Show(IOptions<DashboardOptions> options)
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

    /// <param name="cents">Of the currency.</param>
    /// <param name="currency">ISO 4217.</param>
    public static string Money(long cents, string currency)
    {
        var numbers = (NumberFormatInfo)CultureInfo.CurrentCulture.NumberFormat.Clone();
        numbers.CurrencySymbol = Signs.TryGetValue(currency, out var sign) ? sign : currency + "\u00a0";
        numbers.CurrencyDecimalDigits = 2;
        return (cents / 100m).ToString("C", numbers);
    }

    public static string Number(long count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <param name="share">0 to 1.</param>
    public static string Percent(double share) => share.ToString("P0", CultureInfo.CurrentCulture);

    /// <summary>Date and time in the zone of the settings.</summary>
    public string Text(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("g", CultureInfo.CurrentCulture);

    public static string Text(DateOnly day) => day.ToString("d", CultureInfo.CurrentCulture);

    /// <summary>The time of day in the zone of the settings.</summary>
    public string Clock(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("t", CultureInfo.CurrentCulture);

    /// <summary>Date and time in the zone of the settings, in an HTML <c>time</c> element.</summary>
    public IHtmlContent Time(DateTimeOffset time) => Element(time, "g");

    /// <summary>When something happened: to the second.</summary>
    public IHtmlContent Moment(DateTimeOffset time) => Element(time, "G");

    /// <summary>The date alone.</summary>
    public IHtmlContent Day(DateTimeOffset time) => Element(time, "d");

    private TagBuilder Element(DateTimeOffset time, string format)
    {
        var element = new TagBuilder("time");
        element.Attributes["datetime"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        element.InnerHtml.Append(TimeZoneInfo.ConvertTime(time, Zone).ToString(format, CultureInfo.CurrentCulture));
        return element;
    }
}
