using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

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

    /// <summary>Why their payments need attention, as REST spells it.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Attention { get; set; }

    /// <summary>As typed into the address, even if invalid.</summary>
    [BindProperty(SupportsGet = true)]
    public string? EventId { get; set; }

    /// <summary>The first day on which they were placed, as typed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    /// <summary>The last such day, as typed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    /// <summary>The event whose orders are listed; null for all events.</summary>
    public EventFacts? Event { get; private set; }

    public Page<FindOrders.OrderLineView> Found { get; private set; } = new([], null);

    /// <summary>What narrows the list, for the addresses of its next page and its download.</summary>
    public Dictionary<string, string?> Filter =>
        new(StringComparer.Ordinal)
        {
            ["search"] = Search,
            ["status"] = Status,
            ["attention"] = Attention,
            ["from"] = From,
            ["to"] = To,
            ["eventId"] = EventId,
        };

    public bool IsNarrowed => Filter.Values.Any(part => !string.IsNullOrEmpty(part));

    public async Task OnGetAsync(string? cursor, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(EventId) && (Event = await EventAsync(cancellationToken)) is null)
        {
            ModelState.AddModelError("", words["There is no event with this id."]);
            return;
        }

        if (!Days.TryParse(From, out var from) || !Days.TryParse(To, out var to))
        {
            ModelState.AddModelError("", words[Days.Wrong]);
            return;
        }

        var found = await mediator.Send(
            new FindOrders.Query(new OrderFilter.Wanted(Search, Status, Event?.Id, Attention, from, to), cursor),
            cancellationToken
        );
        if (found.Error is { } error)
        {
            ModelState.AddModelError("", words.ExplainFields(error));
        }
        else
        {
            Found = found.Value;
        }
    }

    private async Task<EventFacts?> EventAsync(CancellationToken cancellationToken) =>
        Guid.TryParse(EventId, out var id)
            ? (await mediator.Send(new GetEventFacts([id]), cancellationToken)).Value.SingleOrDefault()
            : null;
}
