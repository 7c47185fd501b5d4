using Microsoft.AspNetCore.Hosting;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Middleware around every request for a page: headers, language, and errors in the form of pages.</summary>
internal sealed class PagePipeline : IStartupFilter
{
    public const string ErrorPath = PageArea.Path + "/error";

    /// <summary>An item of the request: the page shows another one of ours in a frame.</summary>
    public const string FramesOwn = "TicketBooth.FramesOwn";

    /// <summary>An item of the request: the answer is a mail, to be shown in such a frame.</summary>
    public const string IsFramed = "TicketBooth.IsFramed";

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    // A mail's styles stand in its elements; it loads nothing and runs nothing.
    private const string PolicyOfMails = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.UseWhen(
                context => context.IsPage(),
                pages =>
                {
                    pages.Use(AddHeaders);
                    pages.UseRequestLocalization();
                    pages.UseStatusCodePagesWithReExecute(ErrorPath + "/{0}");
                    pages.UseExceptionHandler(
                        new ExceptionHandlerOptions
                        {
                            ExceptionHandlingPath = ErrorPath,

                            // The host's handler has logged it and set the status; the page is ours.
                            SuppressDiagnosticsCallback = _ => true,
                        }
                    );
                }
            );
            next(app);
        };

    private static Task AddHeaders(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            var isFramed = context.Items.ContainsKey(IsFramed);
            headers.ContentSecurityPolicy =
                isFramed ? PolicyOfMails
                : context.Items.ContainsKey(FramesOwn) ? ContentSecurityPolicy + "; frame-src 'self'"
                : ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = isFramed ? "SAMEORIGIN" : "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";

            // Pages hold names and addresses. Assets set their own header.
            if (headers.CacheControl.Count == 0 || !headers.CacheControl.ToString().Contains("immutable", StringComparison.Ordinal))
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }
}
