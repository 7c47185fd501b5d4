using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Counter;

/// <summary>
/// The counter: a clerk opens a shift, sells in a few key presses, gives change, prints, and takes back what was a mistake.
/// </summary>
internal sealed class IndexModel(IMediator mediator, IStringLocalizer<Words> words, TimeProvider clock) : PageModel
{
    public IReadOnlyList<FindCounterEvents.Choice> Events { get; private set; } = [];

    /// <summary>The chosen event; null when nothing is on sale.</summary>
    public GetEventFigures.EventFigures? Event { get; private set; }

    /// <summary>The clerk's own; null when it must be opened first.</summary>
    public ShiftDetails? Shift { get; private set; }

    public ComplimentaryAllowance? Allowance { get; private set; }

    /// <summary>What was sold just now.</summary>
    public OrderFacts? Sold { get; private set; }

    [BindProperty]
    public SaleInput Input { get; set; } = new();

    public bool CanVoid => Sold is { Status: OrderStatus.Paid, Counter: { } counter } && clock.GetUtcNow() < counter.VoidableUntil;

    /// <summary>The id of what a form does: sent twice, it is done once.</summary>
    public Guid NewOperation() => FreshId.At(clock.GetUtcNow());

    public static string KeyOf(int tier) => tier < TierKeys.Length ? TierKeys[tier].ToString() : "";

    private const string TierKeys = "QWERTYUIO";

    public Task<IActionResult> OnGetAsync(Guid? eventId, Guid? sold, CancellationToken cancellationToken) =>
        ShownAsync(eventId, sold, cancellationToken);

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostSellAsync(Guid eventId, Guid operation, string? currency, CancellationToken cancellationToken)
    {
        var tendered = SaleInput.UnitsOf(Input.Tendered, currency ?? "");
        var fault = Input.Fault
            ?? (
                Input.Method == CounterMethod.Cash && !string.IsNullOrWhiteSpace(Input.Tendered) && tendered is null
                    ? "The amount tendered is not an amount of money."
                    : null
            );
        if (fault is not null)
        {
            ModelState.AddModelError("", words[fault]);
        }

        if (!ModelState.IsValid)
        {
            return await ShownAsync(eventId, sold: null, cancellationToken);
        }

        var sale = await mediator.Send(Input.ToRequest(eventId, tendered, User.ToActor(), operation), cancellationToken);
        if (sale.Error is { } error)
        {
            ModelState.Clear();
            ModelState.AddModelError("", words.ExplainFields(error));
            return await ShownAsync(eventId, sold: null, cancellationToken);
        }

        return RedirectToPage("/Counter/Index", new { eventId, sold = sale.Value.Id });
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostVoidAsync(
        Guid eventId,
        Guid order,
        Guid operation,
        string? reason,
        string? reference,
        CancellationToken cancellationToken
    )
    {
        var voided = await mediator.Send(
            new VoidCounterSale(order, reason ?? "", reference, User.ToActor(), User.IsInRole(Roles.Admin), operation),
            cancellationToken
        );
        if (voided.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            // Not the total: a part may have gone back before. The refund has the operation's id.
            var due = voided.Value.Refunds.FirstOrDefault(refund => refund.Id == operation)?.Amount ?? 0;
            this.SayDone(words["The sale is void. Give back {0}, and destroy the tickets.", Show.Money(due, voided.Value.Currency)]);
        }

        return RedirectToPage("/Counter/Index", new { eventId, sold = order });
    }

    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostOpenAsync(
        Guid? eventId,
        Guid operation,
        string? cash,
        string? currency,
        CancellationToken cancellationToken
    )
    {
        var units = SaleInput.UnitsOf(cash, currency ?? "");
        if (units is null)
        {
            this.SayFailed(words["Type how much cash is in the drawer."]);
        }
        else
        {
            var opened = await mediator.Send(new OpenShift(units.Value, currency ?? "", User.ToActor(), operation), cancellationToken);
            if (opened.Error is { } error)
            {
                this.SayFailed(words.ExplainFields(error));
            }
            else
            {
                this.SayDone(words["Your shift is open."]);
            }
        }

        return RedirectToPage("/Counter/Index", new { eventId });
    }

    [AllowedTo(Policies.Admin)]
    public async Task<IActionResult> OnPostAllowAsync(Guid eventId, int? allowance, CancellationToken cancellationToken)
    {
        var allowed = await mediator.Send(new SetComplimentaryAllowance(eventId, allowance ?? -1, User.ToActor()), cancellationToken);
        if (allowed.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(words["Complimentary tickets of this event: {0}.", Show.Number(allowed.Value.Allowance)]);
        }

        return RedirectToPage("/Counter/Index", new { eventId });
    }

    private async Task<IActionResult> ShownAsync(Guid? eventId, Guid? sold, CancellationToken cancellationToken)
    {
        Events = (await mediator.Send(new FindCounterEvents.Query(), cancellationToken)).Value;
        if (Events.FirstOrDefault(choice => choice.Id == eventId) is { } chosen)
        {
            Event = (await mediator.Send(new GetEventFigures.Query(chosen.Id), cancellationToken)).Value;
        }
        else if (Events.Count > 0)
        {
            Event = (await mediator.Send(new GetEventFigures.Query(Events[0].Id), cancellationToken)).Value;
        }

        var shift = await mediator.Send(new GetOpenShift(User.Id()), cancellationToken);
        Shift = shift.IsSuccess ? shift.Value : null;
        if (Event is not null)
        {
            var allowance = await mediator.Send(new GetComplimentaryAllowance(Event.Id), cancellationToken);
            Allowance = allowance.IsSuccess ? allowance.Value : null;
        }

        if (sold is { } id && (await mediator.Send(new GetOrderFacts([id]), cancellationToken)).Value is [{ Counter: not null } order])
        {
            Sold = order;
        }

        return Page();
    }
}
