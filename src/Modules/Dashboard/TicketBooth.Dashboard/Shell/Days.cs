using System.Globalization;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Days as an input of the type date sends them.</summary>
internal static class Days
{
    /// <summary>A key of <see cref="Words"/>: what a page says about something else.</summary>
    public const string Wrong = "This is not a date.";

    /// <summary>False for something that is no day. Nothing typed is no day, but not wrong.</summary>
    public static bool TryParse(string? typed, out DateOnly? day)
    {
        var isDay = DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var known);
        day = isDay ? known : null;
        return isDay || string.IsNullOrEmpty(typed);
    }
}
