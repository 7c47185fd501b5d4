using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The user's own second factor, with the recovery codes, which are shown only once, and where the user is signed in.</summary>
internal sealed class SecurityModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    public bool IsOn { get; private set; }

    public SecondFactorSetup? Setup { get; private set; }

    public IReadOnlyList<string>? RecoveryCodes { get; private set; }

    public IReadOnlyList<SessionView> Sessions { get; private set; } = [];

    public Task OnGetAsync(CancellationToken cancellationToken) => ShowStateAsync(cancellationToken);

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostBeginAsync(CancellationToken cancellationToken)
    {
        await ShowSetupAsync(cancellationToken);
        return Page();
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostEnableAsync(string? code, CancellationToken cancellationToken)
    {
        var enabled = await mediator.Send(new EnableSecondFactor(User.Id(), code ?? ""), cancellationToken);
        if (enabled.Error is { } error)
        {
            Refuse(error);
            await ShowSetupAsync(cancellationToken);
            return Page();
        }

        if (await HttpContext.BeginSessionAsync(enabled.Value.Session) is not null)
        {
            return RedirectToPage("/SignIn");
        }

        RecoveryCodes = enabled.Value.RecoveryCodes;
        return Page();
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostDisableAsync(string? code, CancellationToken cancellationToken)
    {
        var disabled = await mediator.Send(new DisableSecondFactor(User.Id(), code ?? ""), cancellationToken);
        if (disabled.Error is { } error)
        {
            Refuse(error);
            await ShowStateAsync(cancellationToken);
            return Page();
        }

        if (await HttpContext.BeginSessionAsync(disabled.Value) is not null)
        {
            return RedirectToPage("/SignIn");
        }

        this.SayDone(words["The second factor is off."]);
        return RedirectToPage();
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostEndAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await mediator.Send(new EndSession(User.Id(), sessionId), cancellationToken);
        this.SayDone(words["The session has ended."]);
        return RedirectToPage();
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken cancellationToken)
    {
        await mediator.Send(new EndOtherSessions(User.Id(), User.SessionId()), cancellationToken);
        this.SayDone(words["You are signed out everywhere else."]);
        return RedirectToPage();
    }

    private void Refuse(Error error) => ModelState.AddModelError("", words.Explain(error));

    private async Task ShowStateAsync(CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new GetUsers([User.Id()]), cancellationToken);
        IsOn = found.Value.Any(user => user.HasSecondFactor);
        Sessions = (await mediator.Send(new ListSessions(User.Id(), HttpContext.LongestIdle()), cancellationToken)).Value;
    }

    private async Task ShowSetupAsync(CancellationToken cancellationToken)
    {
        var begun = await mediator.Send(new BeginSecondFactor(User.Id()), cancellationToken);
        if (begun.Error is { } error)
        {
            Refuse(error);
            await ShowStateAsync(cancellationToken);
        }
        else
        {
            Setup = begun.Value;
        }
    }
}
