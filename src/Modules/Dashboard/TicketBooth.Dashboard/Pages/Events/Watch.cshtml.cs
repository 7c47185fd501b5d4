using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.Dashboard.Live;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>The summary of one event, live.</summary>
internal sealed class WatchModel(IMediator mediator, LiveFigures live) : PageModel
{
    public EventTabs Event { get; private set; } = null!;

    public string Figures { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        if (form.Error is not null)
        {
            return NotFound();
        }

        Event = EventTabs.Of(form.Value, EventTabs.Summary);
        Figures = await live.RenderAsync(id, LiveView.Here, cancellationToken);
        return Page();
    }
}
