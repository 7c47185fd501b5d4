using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The first step of a sign-in: address and password.</summary>
[AllowAnonymous]
[EnableRateLimiting(RateLimits.SignIn)]
internal sealed class SignInModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    /// <param name="lost">Somebody sent a form after their session had ended.</param>
    public IActionResult OnGet(bool lost)
    {
        if (lost)
        {
            ModelState.AddModelError("", words["Your session has ended, and your request was not carried out. Sign in and send it again."]);
        }

        return User.IsStaff() ? Redirect(ReturnAddress.Of(Url, ReturnUrl)) : Page();
    }

    [AllowedTo(Policies.Anybody)]
    public async Task<IActionResult> OnPostAsync(string? password, CancellationToken cancellationToken)
    {
        var verified = await mediator.Send(
            new VerifyPassword(Email ?? "", password ?? "", ClientAddress.Of(HttpContext)),
            cancellationToken
        );
        if (verified.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
            return Page();
        }

        if (!verified.Value.IsStaff())
        {
            ModelState.AddModelError("", words["This account has no access to the back office."]);
            return Page();
        }

        if (verified.Value.NeedsSecondFactor)
        {
            await HttpContext.BeginSecondStepAsync(verified.Value);
            return RedirectToPage("/SecondFactor", new { ReturnUrl });
        }

        if (await HttpContext.BeginSessionAsync(verified.Value) is { } ended)
        {
            ModelState.AddModelError("", words.Explain(ended));
            return Page();
        }

        return Redirect(ReturnAddress.Of(Url, ReturnUrl, verified.Value));
    }
}
