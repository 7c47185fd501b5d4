using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The page of a failed request. Without a handler, because it answers requests of every method.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel, IErrorPage
{
    /// <summary>The status of the failed request, or whatever was typed into the address.</summary>
    [FromRoute]
    public int? Status { get; set; }

    public string Title =>
        Shown switch
        {
            StatusCodes.Status400BadRequest => "The form cannot be read",
            StatusCodes.Status403Forbidden => "Not allowed",
            StatusCodes.Status404NotFound => "There is no such page",
            StatusCodes.Status429TooManyRequests => "Too many requests",
            StatusCodes.Status503ServiceUnavailable => "Temporarily unavailable",
            _ => "Something went wrong here",
        };

    public string Advice =>
        Shown switch
        {
            StatusCodes.Status400BadRequest => "The page may have been open for too long. Go back, reload it and send the form again.",
            StatusCodes.Status403Forbidden => "Your role does not include this. Ask an administrator.",
            StatusCodes.Status404NotFound => "It may have moved, or the address is incomplete.",
            StatusCodes.Status429TooManyRequests => "Slow down and try again in a few seconds.",
            StatusCodes.Status503ServiceUnavailable => "A database cannot be reached at the moment. Try again in a few seconds.",
            _ => "This is not your fault. Try again; if it persists, tell whoever runs the server.",
        };

    public string? TraceId =>
        HttpContext.Features.Get<IExceptionHandlerFeature>() is null
            ? null
            : Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    /// <summary>After an exception, the response already has the status.</summary>
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
