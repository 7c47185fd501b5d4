using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>
/// Web shops on other origins may call the API: those that <c>Web:AllowedOrigins</c> names. Tokens travel in a header, so no cookie is
/// involved, and pages of the back office are never shared.
/// </summary>
internal static class CrossOrigin
{
    private static readonly string[] ReadableHeaders =
    [
        "ETag",
        "Location",
        "Retry-After",
        RateLimiting.PolicyHeader,
        RateLimiting.StateHeader,
        "WWW-Authenticate",
    ];

    public static void AddCrossOrigin(this IServiceCollection services)
    {
        services.AddCors();
        services
            .AddOptions<CorsOptions>()
            .Configure<IOptions<WebOptions>>(
                (cors, web) =>
                    cors.AddDefaultPolicy(policy =>
                    {
                        policy.WithOrigins([.. web.Value.Origins()]).AllowAnyHeader().WithExposedHeaders(ReadableHeaders);
                        policy.WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete);
                        policy.SetPreflightMaxAge(TimeSpan.FromHours(1));
                    })
            );
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (!string.IsNullOrWhiteSpace(app.Configuration["Web:" + nameof(WebOptions.AllowedOrigins)]))
        {
            app.UseWhen(context => !context.IsPage(), api => api.UseCors());
        }
    }
}
