using Microsoft.Extensions.Primitives;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>
/// Headers of every answer that is no page: what it is not to be taken for, and that nobody keeps it who was not told to. Pages of the back
/// office bring their own, and so does the page of the door.
/// </summary>
internal static class ResponseHeaders
{
    /// <summary>Where the reference page is, whose script and styles are its own.</summary>
    public const string ReferencePath = "/docs";

    private const string NoDocument = "default-src 'none'; frame-ancestors 'none'";

    // The reference page starts with a script in the page, and its components carry their styles with them.
    private const string ReferencePage =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    public static void UseResponseHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (!context.IsPage())
                {
                    // At last, because an exception clears what was set before.
                    context.Response.OnStarting(static state => Set((HttpContext)state), context);
                }

                return next(context);
            }
        );

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy))
        {
            headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(ReferencePath, StringComparison.OrdinalIgnoreCase)
                ? ReferencePage
                : NoDocument;
        }

        headers["Referrer-Policy"] = "no-referrer";
        var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        if (isApi && StringValues.IsNullOrEmpty(headers.CacheControl))
        {
            // Names, addresses, orders: what a public read allows to be kept, it says itself.
            headers.CacheControl = "no-store";
        }

        if (headers.ContentEncoding.Count > 0 && headers.ETag is [{ } tag] && tag.StartsWith('"'))
        {
            // The same answer in other bytes (RFC 9110, 8.8.1).
            headers.ETag = "W/" + tag;
        }

        return Task.CompletedTask;
    }
}
