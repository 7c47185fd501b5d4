using System.Globalization;
using System.Resources;

namespace TicketBooth.Payments.Paying;

/// <summary>
/// Tells a buyer why a payment was declined and what to do; in English, or in another language that <c>DeclineWords.resx</c> is translated
/// to.
/// </summary>
internal static class DeclineWords
{
    private const string Other = "declined";

    private static readonly ResourceManager Texts = new(typeof(DeclineWords));
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <param name="reason">A code without words of its own has those of any decline.</param>
    /// <param name="language">Null is English.</param>
    public static string Of(string reason, CultureInfo? language) =>
        Texts.GetString(reason, language ?? English) ?? Texts.GetString(Other, language ?? English)!;
}
