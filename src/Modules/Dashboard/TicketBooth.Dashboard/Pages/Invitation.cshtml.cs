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

/// <summary>Where the link of an invitation leads: its holder chooses a password.</summary>
[AllowAnonymous]
[EnableRateLimiting(RateLimits.SignIn)]
internal sealed class InvitationModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>Null when the link is worth nothing.</summary>
    public InvitedUser? Invited { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => await FindAsync(cancellationToken);

    [AllowedTo(Policies.Anybody)]
    public async Task<IActionResult> OnPostAsync(string? password, string? again, CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
        {
            return Page();
        }

        if (password != again)
        {
            ModelState.AddModelError("", words["The two passwords differ."]);
            return Page();
        }

        var accepted = await mediator.Send(
            new AcceptInvitation(Token ?? "", password ?? "", ClientAddress.Of(HttpContext)),
            cancellationToken
        );
        if (accepted.Error is { } error)
        {
            ModelState.AddModelError("", words.ExplainFields(error));
            return Page();
        }

        this.SayDone(words["Your password is set. Sign in with it."]);
        return RedirectToPage("/SignIn");
    }

    private async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new FindInvitation(Token ?? ""), cancellationToken);
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
            return false;
        }

        Invited = found.Value;
        return true;
    }
}
