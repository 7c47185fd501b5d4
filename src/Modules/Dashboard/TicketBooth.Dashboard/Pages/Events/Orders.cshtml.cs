using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>The orders of one event.</summary>
internal sealed class OrdersModel(IMediator mediator) : PageModel
{
    public EventTabs Event { get; private set; } = null!;

    /// <summary>When the sale opens; null on a draft that opens when it is published.</summary>
    public DateTimeOffset? SaleOpensAt { get; private set; }

    public Page<FindOrders.OrderLineView> Found { get; private set; } = new([], null);

    public async Task<IActionResult> OnGetAsync(Guid id, string? cursor, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        if (form.Error is not null)
        {
            return NotFound();
        }

        Event = EventTabs.Of(form.Value, EventTabs.Orders);
        SaleOpensAt = form.Value.Form.PublishedAt;
        var found = await mediator.Send(new FindOrders.Query(new OrderFilter.Wanted(EventId: id), cursor), cancellationToken);
        if (found.Error is not null)
        {
            return NotFound();
        }

        Found = found.Value;
        return Page();
    }
}
