using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Notifications.Contracts;

namespace TicketBooth.Dashboard.Pages.Mails;

/// <summary>What was mailed to whom, what waits, and what was given up.</summary>
internal sealed class IndexModel(IMediator mediator, MailsSwitch mails, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Email { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    public Page<MailView> Found { get; private set; } = new([], null);

    public IReadOnlyList<BulkMails> Bulks { get; private set; } = [];

    public MailFigures Figures { get; private set; } = new(0, 0, 0);

    public IReadOnlyList<string> Kinds { get; private set; } = [];

    public static IReadOnlyList<MailState> AllStates { get; } = Enum.GetValues<MailState>();

    /// <summary>What a form or a link must carry so that it shows the same part of the list.</summary>
    public Dictionary<string, string?> Filter =>
        new(StringComparer.Ordinal)
        {
            ["state"] = State,
            ["kind"] = Kind,
            ["email"] = Email,
        };

    public bool IsNarrowed => Filter.Values.Any(value => !string.IsNullOrEmpty(value));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!mails.IsOn)
        {
            return NotFound();
        }

        var state = AllStates.Where(each => StatusNames.Of(each) == State).Select(each => (MailState?)each).FirstOrDefault();
        var found = await mediator.Send(new FindMails(state, Kind, Email?.Trim(), OrderId: null, Cursor), cancellationToken);
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
        }
        else
        {
            Found = found.Value;
        }

        Bulks = (await mediator.Send(new ListBulkMails(), cancellationToken)).Value;
        Figures = (await mediator.Send(new GetMailFigures(), cancellationToken)).Value;
        Kinds = (await mediator.Send(new ListMailKinds(), cancellationToken)).Value;
        return Page();
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostResendAsync(long number, CancellationToken cancellationToken)
    {
        var resent = await mediator.Send(new ResendMail(number, User.ToActor()), cancellationToken);
        if (resent.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(words["The mail waits to be sent again."]);
        }

        return RedirectToPage(Filter);
    }
}
