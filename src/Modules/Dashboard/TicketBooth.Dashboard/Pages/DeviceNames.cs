namespace TicketBooth.Dashboard.Pages;

/// <summary>A browser in words that its user recognizes, from what it calls itself.</summary>
internal static class DeviceNames
{
    // Most browsers also name the ones that they resemble, so the order decides.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>For example <c>Firefox, Windows</c>; null when nothing in the text is known.</summary>
    public static string? Of(string userAgent)
    {
        string[] known = [.. new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>()];
        return known.Length == 0 ? null : string.Join(", ", known);
    }

    private static string? Find((string Mark, string Name)[] names, string userAgent) =>
        names.FirstOrDefault(each => userAgent.Contains(each.Mark, StringComparison.Ordinal)).Name;
}
