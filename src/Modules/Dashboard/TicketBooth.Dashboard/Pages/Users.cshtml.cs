using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>Finds accounts, and appoints and dismisses staff.</summary>
[Authorize(Policies.Admin)]
internal sealed class UsersModel(IMediator mediator, MailsSwitch mails, IStringLocalizer<Words> words) : PageModel
{
    /// <summary>Of the link of an invitation that was just made.</summary>
    public const string LinkKey = "invitation";

    public static readonly IReadOnlyList<string> StaffRoles = [Roles.Clerk, Roles.Admin, Roles.Door];

    public static readonly IReadOnlyList<string> AllRoles = [Roles.Customer, Roles.Clerk, Roles.Admin, Roles.Door];

    [BindProperty(SupportsGet = true)]
    public string? Search { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Role { get; set; }

    [BindProperty(SupportsGet = true, Name = "cursor")]
    public string? After { get; set; }

    /// <summary>What was typed into the invitation, when it was refused.</summary>
    public (string? Name, string? Email, string? Role) Invited { get; private set; }

    public Page<UserView> Found { get; private set; } = new([], null);

    /// <summary>What a form must carry so that its answer shows the same part of the list.</summary>
    public Dictionary<string, string?> Here =>
        new(StringComparer.Ordinal)
        {
            ["search"] = Search,
            ["role"] = Role,
            ["cursor"] = After,
        };

    /// <summary>Who looks at the page.</summary>
    public Guid Own => User.Id();

    public bool IsNarrowed => !string.IsNullOrEmpty(Search) || !string.IsNullOrEmpty(Role);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new FindUsers(Search, Role, After), cancellationToken);
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
        }
        else
        {
            Found = found.Value;
        }
    }

    /// <param name="seen">The roles that the page showed: what a colleague set meanwhile is not undone.</param>
    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostRolesAsync(Guid userId, string[] roles, string[] seen, CancellationToken cancellationToken) =>
        Told(await mediator.Send(new ChangeUserRoles(userId, roles, User.ToActor(), seen), cancellationToken), "The roles of {0} are set.");

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostResetAsync(Guid userId, CancellationToken cancellationToken) =>
        Told(await mediator.Send(new ResetSecondFactor(userId, User.ToActor()), cancellationToken), "The second factor of {0} is off.");

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostInviteAsync(string? name, string? email, string? staffRole, CancellationToken cancellationToken)
    {
        var invited = await mediator.Send(new InviteStaff(name ?? "", email ?? "", staffRole ?? "", User.ToActor()), cancellationToken);
        if (invited.Error is { } error)
        {
            // What was typed stays in the form.
            ModelState.Clear();
            Invited = (name, email, staffRole);
            await OnGetAsync(cancellationToken);
            ModelState.AddModelError("", words.ExplainFields(error));
            return Page();
        }

        return WithLink(invited.Value);
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostRenewAsync(Guid userId, CancellationToken cancellationToken)
    {
        var renewed = await mediator.Send(new RenewInvitation(userId, User.ToActor()), cancellationToken);
        if (renewed.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
            return RedirectToPage(Here);
        }

        return WithLink(renewed.Value);
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostDisableAsync(Guid userId, CancellationToken cancellationToken) =>
        Told(await mediator.Send(new DisableAccount(userId, User.ToActor()), cancellationToken), "The account of {0} is disabled.");

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostEraseAsync(Guid userId, CancellationToken cancellationToken)
    {
        var erased = await mediator.Send(new EraseAccount(userId, User.ToActor()), cancellationToken);
        if (erased.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            this.SayDone(words["The person is erased. What other parts of the system hold goes within moments."]);
        }

        return RedirectToPage(Here);
    }

    /// <summary>The link is shown once, by the page that follows.</summary>
    private RedirectToPageResult WithLink(Invitation invitation)
    {
        var name = Show.Isolated(invitation.User.Name);
        this.SayDone(
            mails.IsOn
                ? words["{0} is invited. A mail is on its way; the link below is the same, and is shown only now.", name]
                : words["{0} is invited. Pass on the link below: it is shown only now.", name]
        );
        TempData[LinkKey] = Url.PageLink("/Invitation", values: new { token = invitation.Token });
        return RedirectToPage(Here);
    }

    private RedirectToPageResult Told(Result<UserView> changed, string done)
    {
        if (changed.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            this.SayDone(words[done, Show.Isolated(changed.Value.Name)]);
        }

        return RedirectToPage(Here);
    }
}
