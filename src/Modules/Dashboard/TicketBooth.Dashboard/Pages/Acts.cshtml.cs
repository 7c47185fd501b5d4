using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Acts;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages;

/// <summary>The log of administrative acts.</summary>
[Authorize(Policies.Admin)]
internal sealed class ActsModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid? SubjectId { get; set; }

    public Page<ListActs.Act> Found { get; private set; } = new([], null);

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new ListActs.Query(SubjectId, cursor), cancellationToken);
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
