using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>Buyers of canceled events who bought at the counter and get their money back there.</summary>
internal sealed class OwedModel(IMediator mediator, IStringLocalizer<Words> words, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    public Page<OrderView> Orders { get; private set; } = new([], null);

    /// <summary>The id of what a form does: sent twice, it is done once.</summary>
    public Guid NewOperation() => FreshId.At(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new ListOwedAtCounter(Cursor), cancellationToken);
        if (found.Error is not null)
        {
            return NotFound();
        }

        Orders = found.Value;
        return Page();
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostAsync(
        Guid order,
        Guid operation,
        long owed,
        string? reference,
        CancellationToken cancellationToken
    )
    {
        var paid = await mediator.Send(new PayBackAtCounter(order, reference, User.ToActor(), operation), cancellationToken);
        if (paid.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            this.SayDone(words["Paid back: {0}.", Show.Money(owed, paid.Value.Currency)]);
        }

        return RedirectToPage("/Counter/Owed");
    }
}
