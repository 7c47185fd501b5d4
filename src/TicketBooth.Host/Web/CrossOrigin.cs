using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>
/// Web shops on other origins may call the API: those that <c>Web:AllowedOrigins</c> names. Tokens travel in a header, so no cookie is
/// involved, and pages of the back office are never shared.
/// </summary>
internal static class CrossOrigin
{
    private const string Setting = "Web:AllowedOrigins";

    private static readonly string[] ReadableHeaders =
    [
        "ETag",
        "Location",
        "Retry-After",
        RateLimiting.PolicyHeader,
        RateLimiting.StateHeader,
        "WWW-Authenticate",
    ];

    public static void AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        var origins = OriginsOf(configuration);
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
            {
                policy.WithOrigins(origins).AllowAnyHeader().WithExposedHeaders(ReadableHeaders);
                policy.WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete);
                policy.SetPreflightMaxAge(TimeSpan.FromHours(1));
            })
        );
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (OriginsOf(app.Configuration).Length > 0)
        {
            app.UseWhen(context => !context.IsPage(), api => api.UseCors());
        }
    }

    private static string[] OriginsOf(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        var origins = (section.Value is { } text ? text.Split(',') : section.GetChildren().Select(child => child.Value ?? ""))
            .Select(origin => origin.Trim().TrimEnd('/'))
            .Where(origin => origin.Length > 0)
            .ToArray();
        var wrong = origins.Where(origin => origin != "*" && !IsOrigin(origin)).ToList();
        return wrong.Count == 0
            ? origins
            : throw new OptionsValidationException(
                Setting,
                typeof(CrossOrigin),
                [$"{Setting}: {string.Join(", ", wrong)} is no origin; an origin is https://shop.example, without a path, or * for any."]
            );
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0;
}
