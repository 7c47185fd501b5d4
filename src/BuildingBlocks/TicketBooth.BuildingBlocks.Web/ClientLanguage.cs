using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The language that a client asks for words in: Brazilian Portuguese or English.</summary>
public static class ClientLanguage
{
    public const string English = "en";
    public const string Portuguese = "pt-BR";

    private static readonly CultureInfo Brazilian = CultureInfo.GetCultureInfo(Portuguese);

    /// <summary>Brazilian Portuguese when <c>Accept-Language</c> prefers any Portuguese to English; else null, which is English.</summary>
    public static CultureInfo? Of(HttpRequest http) => NameOf(http) == Portuguese ? Brazilian : null;

    /// <summary>What <c>Accept-Language</c> prefers of both; null when it names neither.</summary>
    public static string? NameOf(HttpRequest http)
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
            .FirstOrDefault(language => Is(language, "pt") || Is(language, English) || Is(language, "*"));
        return Is(first, "pt") ? Portuguese
            : Is(first, English) ? English
            : null;
    }

    /// <summary>Whether it is one of both, as accounts and orders name them.</summary>
    public static bool IsKnown(string? language) => language is English or Portuguese;

    private static bool Is(string? language, string wanted) => string.Equals(language, wanted, StringComparison.OrdinalIgnoreCase);
}
