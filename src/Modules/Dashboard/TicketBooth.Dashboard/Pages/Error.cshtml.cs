using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace TicketBooth.Dashboard.Pages;

/// <summary>What a request that came to nothing looks like. Without a handler: it answers whatever method the request had.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    /// <summary>Of the request, or what somebody has typed who came here on their own.</summary>
    [FromRoute]
    public int? Status { get; set; }

    public string Title =>
        Shown switch
        {
            StatusCodes.Status400BadRequest => "The form cannot be read",
            StatusCodes.Status403Forbidden => "Not allowed",
            StatusCodes.Status404NotFound => "There is no such page",
            StatusCodes.Status429TooManyRequests => "Too many requests",
            StatusCodes.Status503ServiceUnavailable => "Not now",
            _ => "Something went wrong here",
        };

    public string Advice =>
        Shown switch
        {
            StatusCodes.Status400BadRequest => "It may have been open for too long. Go back, load the page again and send it once more.",
            StatusCodes.Status403Forbidden => "Your role does not include this. Ask an administrator.",
            StatusCodes.Status404NotFound => "It may have been moved, or the address is not complete.",
            StatusCodes.Status429TooManyRequests => "Slow down and try again in a few seconds.",
            StatusCodes.Status503ServiceUnavailable => "A store cannot be reached at this moment. Try again in a few seconds.",
            _ => "Nothing that you have done. Try again; if it stays, tell whoever looks after the server.",
        };

    public string? TraceId =>
        HttpContext.Features.Get<IExceptionHandlerFeature>() is null
            ? null
            : Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    /// <summary>An exception's status stands in the response already.</summary>
    private int Shown =>
        HttpContext.Features.Get<IExceptionHandlerFeature>() is null ? Status ?? StatusCodes.Status404NotFound : Response.StatusCode;

    public void OnGet()
    {
        if (HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is null && HttpContext.Features.Get<IExceptionHandlerFeature>() is null)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
            Status = StatusCodes.Status404NotFound;
        }
    }
}
