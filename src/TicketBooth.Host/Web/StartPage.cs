using System.Reflection;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary><c>/</c>: where what is. A browser goes on to the back office.</summary>
internal static class StartPage
{
    private static readonly string Version = typeof(StartPage)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0]
        ?? "";

    /// <param name="Name">Of the product.</param>
    /// <param name="Version">Of this build.</param>
    /// <param name="Api">Where the API begins.</param>
    /// <param name="Document">The OpenAPI document; null where it is switched off.</param>
    /// <param name="Reference">The same for people; null where it is switched off.</param>
    /// <param name="BackOffice">Where staff work; null on a host without it.</param>
    /// <param name="Health">Whether this host is well.</param>
    internal sealed record Index(
        string Name,
        string Version,
        string Api,
        string? Document,
        string? Reference,
        string? BackOffice,
        string Health
    );

    public static void MapStartPage(this IEndpointRouteBuilder routes, bool hasReference, bool hasBackOffice) =>
        routes
            .MapGet("/", (HttpRequest request) =>
                hasBackOffice && IsBrowser(request)
                    ? Results.Redirect(PageArea.Path)
                    : Results.Json(
                        new Index(
                            "TicketBooth",
                            Version,
                            "/api/v1",
                            hasReference ? "/openapi/v1.json" : null,
                            hasReference ? ResponseHeaders.ReferencePath : null,
                            hasBackOffice ? PageArea.Path : null,
                            "/health/ready"
                        )
                    )
            )
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static bool IsBrowser(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
}
