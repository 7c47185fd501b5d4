using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace TicketBooth.Host.Web;

/// <summary>
/// JSON is UTF-8 (RFC 8259). A body that says so is read whatever the spelling; one that names another charset is refused with 415. Without
/// this the framework throws on names that it does not know, quoted ones included.
/// </summary>
internal static class BodyCharsets
{
    public static void UseBodyCharsets(this IApplicationBuilder app) => app.Use(ReadOnlyUtf8);

    private static Task ReadOnlyUtf8(HttpContext context, RequestDelegate next)
    {
        if (
            context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            || context.Request.ContentType is not { } text
            || !text.Contains(';', StringComparison.Ordinal)
            || !MediaTypeHeaderValue.TryParse(text, out var type)
            || !type.Charset.HasValue
        )
        {
            return next(context);
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            context.Request.ContentType = type.MediaType.ToString();
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }
}
