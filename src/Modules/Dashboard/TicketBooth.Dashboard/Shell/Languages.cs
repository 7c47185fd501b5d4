using System.Globalization;
using Microsoft.AspNetCore.Localization;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The languages of the back office: the chosen one, else the first supported one of the browser, else English.</summary>
internal static class Languages
{
    public const string English = "en";
    public const string Portuguese = "pt-BR";

    private const string CookieName = "ticketbooth.language";
    private const int MostRequested = 10;

    /// <summary>Each with its own name for itself.</summary>
    public static readonly IReadOnlyList<(string Culture, string Name)> All = [(English, "English"), (Portuguese, "Português (Brasil)")];

    public static void Configure(RequestLocalizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.DefaultRequestCulture = new RequestCulture(English);
        options.SupportedUICultures = [new CultureInfo(English), new CultureInfo(Portuguese)];

        // Numbers and dates of the reader's country, where the browser sends it.
        options.SupportedCultures =
        [
            .. CultureInfo.GetCultures(CultureTypes.AllCultures).Where(culture => culture.TwoLetterISOLanguageName is "en" or "pt"),
        ];
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(context => Task.FromResult(Chosen(context) ?? Requested(context))),
        ];
    }

    public static bool Knows(string? culture) => All.Any(language => language.Culture == culture);

    public static void Choose(HttpContext context, string culture) =>
        context.Response.Cookies.Append(
            CookieName,
            culture,
            new CookieOptions
            {
                Path = PageArea.Path,
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
            }
        );

    private static ProviderCultureResult? Chosen(HttpContext context) =>
        context.Request.Cookies[CookieName] is { } culture && Knows(culture) ? Result(culture, culture) : null;

    private static ProviderCultureResult? Requested(HttpContext context) =>
        context
            .Request.GetTypedHeaders()
            .AcceptLanguage.Take(MostRequested)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value)
            .Select(culture =>
                culture switch
                {
                    "pt" => Result(Portuguese, Portuguese),
                    _ when culture?.StartsWith("pt-", StringComparison.OrdinalIgnoreCase) == true => Result(culture, Portuguese),
                    _ when culture == English || culture?.StartsWith("en-", StringComparison.OrdinalIgnoreCase) == true => Result(
                        culture,
                        English
                    ),
                    _ => null,
                }
            )
            .FirstOrDefault(found => found is not null);

    private static ProviderCultureResult Result(string culture, string language) => new(culture, language);
}
