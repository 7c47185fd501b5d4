using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages.MoneyCases;

/// <summary>One comparison of the gateways with what is on record.</summary>
internal sealed class ReconciliationModel(IMediator mediator) : PageModel
{
    public ReconciliationReport Report { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new FindReconciliation(id), cancellationToken);
        if (found.Error is not null)
        {
            return NotFound();
        }

        Report = found.Value;
        return Page();
    }
}
