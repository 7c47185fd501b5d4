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

/// <summary>The second step of a sign-in, for those who have switched it on.</summary>
[AllowAnonymous]
[EnableRateLimiting(RateLimits.SignIn)]
internal sealed class SecondFactorModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnGetAsync() => await HttpContext.FindSecondStepAsync() is null ? BackToFirstStep() : Page();

    [AllowedTo(Policies.Anybody)]
    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancellationToken)
    {
        if (await HttpContext.FindSecondStepAsync() is not var (userId, stamp))
        {
            return BackToFirstStep();
        }

        var verified = await mediator.Send(new VerifySecondFactor(userId, code ?? ""), cancellationToken);
        if (verified.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
            return Page();
        }

        // Something has changed since the password was right: the roles, or the second factor itself.
        if (
            verified.Value.SecurityStamp != stamp
            || !verified.Value.IsStaff()
            || await HttpContext.BeginSessionAsync(verified.Value) is not null
        )
        {
            return BackToFirstStep();
        }

        return Redirect(ReturnAddress.Of(Url, ReturnUrl, verified.Value));
    }

    private RedirectToPageResult BackToFirstStep() => RedirectToPage("/SignIn", new { ReturnUrl });
}
