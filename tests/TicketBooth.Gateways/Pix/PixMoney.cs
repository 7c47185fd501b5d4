using System.Globalization;
using System.Text.RegularExpressions;

namespace TicketBooth.Gateways.Pix;

/// <summary>The API's amounts, `\d{1,10}\.\d{2}`, in cents.</summary>
internal static partial class PixMoney
{
    public static long? Read(string text) =>
        Pattern().IsMatch(text) ? long.Parse(text.Remove(text.Length - 3, 1), NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public static string Write(long cents) => string.Create(CultureInfo.InvariantCulture, $"{cents / 100}.{cents % 100:00}");

    [GeneratedRegex(@"^[0-9]{1,10}\.[0-9]{2}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Pattern();
}
