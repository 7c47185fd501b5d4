using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The language that a buyer's client asks for words in.</summary>
public static class BuyersLanguage
{
    private const string Portuguese = "pt";

    private static readonly CultureInfo Brazilian = CultureInfo.GetCultureInfo("pt-BR");

    /// <summary>Brazilian Portuguese when <c>Accept-Language</c> prefers any Portuguese to English; else null, which is English.</summary>
    public static CultureInfo? Of(HttpRequest http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Headers.AcceptLanguage.Count == 0)
        {
            return null;
        }

        // The order of languages with the same weight is theirs in the header.
        var first = new RequestHeaders(http.Headers)
            .AcceptLanguage.Where(one => one.Quality is null or > 0)
            .OrderByDescending(one => one.Quality ?? 1)
            .Select(one => one.Value.Value?.Split('-')[0])
            .FirstOrDefault(language => Is(language, Portuguese) || Is(language, "en") || Is(language, "*"));
        return Is(first, Portuguese) ? Brazilian : null;
    }

    private static bool Is(string? language, string wanted) => string.Equals(language, wanted, StringComparison.OrdinalIgnoreCase);
}
