using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Orders;

/// <summary>Finds orders.</summary>
internal sealed class IndexModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    public static readonly IReadOnlyList<OrderStatus> AllStatuses = Enum.GetValues<OrderStatus>();

    public static readonly IReadOnlyList<PaymentNeed> AllNeeds = Enum.GetValues<PaymentNeed>();

    [BindProperty(SupportsGet = true)]
    public string? Search { get; set; }

    /// <summary>As REST spells it, so that links from elsewhere read alike.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Status { get; set; }

    /// <summary>What is the matter with a payment of theirs, as REST spells it.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Attention { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? EventId { get; set; }

    public Page<FindOrders.OrderLineView> Found { get; private set; } = new([], null);

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new FindOrders.Query(Search, Status, EventId, Attention, cursor), cancellationToken);
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
