using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>All events, drafts too.</summary>
internal sealed class IndexModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Search { get; set; }

    public Page<EventSummary> Found { get; private set; } = new([], null);

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new FindEvents(Search, Cursor: cursor), cancellationToken);
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
        }
        else
        {
            Found = found.Value;
        }
    }
}
