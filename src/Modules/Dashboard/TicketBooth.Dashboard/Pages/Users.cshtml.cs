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
internal sealed class UsersModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    public static readonly IReadOnlyList<string> AllRoles = [Roles.Customer, Roles.Clerk, Roles.Admin];

    [BindProperty(SupportsGet = true)]
    public string? Search { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Role { get; set; }

    [BindProperty(SupportsGet = true, Name = "cursor")]
    public string? After { get; set; }

    public Page<UserView> Found { get; private set; } = new([], null);

    /// <summary>What a form must carry so that its answer shows the same part of the list.</summary>
    public Dictionary<string, string?> Here =>
        new(StringComparer.Ordinal)
        {
            ["search"] = Search,
            ["role"] = Role,
            ["cursor"] = After,
        };

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

    private RedirectToPageResult Told(Result<UserView> changed, string done)
    {
        if (changed.Error is { } error)
        {
            this.SayFailed(
                error.Fields is { } fields
                    ? string.Join(' ', fields.Values.SelectMany(messages => messages).Select(message => words[message].Value))
                    : words.Explain(error)
            );
        }
        else
        {
            this.SayDone(words[done, changed.Value.Name]);
        }

        return RedirectToPage(Here);
    }
}
