using Microsoft.AspNetCore.Hosting;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Middleware around every request for a page: headers, language, and errors in the form of pages.</summary>
internal sealed class PagePipeline : IStartupFilter
{
    public const string ErrorPath = PageArea.Path + "/error";

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

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
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
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
