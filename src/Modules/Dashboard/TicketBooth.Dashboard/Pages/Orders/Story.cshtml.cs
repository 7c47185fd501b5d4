using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages.Orders;

/// <summary>One order with everything that happened to it. Staff may cancel or refund it.</summary>
internal sealed class StoryModel(IMediator mediator, IStringLocalizer<Words> words) : PageModel
{
    public GetOrderStory.OrderStory Order { get; private set; } = null!;

    /// <summary>Of all its payments.</summary>
    public IReadOnlyList<PaymentMoney> Money { get; private set; } = [];

    public bool CanBeGivenBack => Order.Status is OrderStatus.OnPayment or OrderStatus.Paid;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var story = await mediator.Send(new GetOrderStory.Query(id), cancellationToken);
        if (story.Error is not null)
        {
            return NotFound();
        }

        Order = story.Value;
        Money = await mediator.MoneyOfAsync(HttpContext.RequestServices, Order, cancellationToken);
        return Page();
    }

    /// <param name="seen">The status that the page showed, so that a cancellation never refunds an order that was paid meanwhile.</param>
    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostGiveBackAsync(Guid id, OrderStatus seen, CancellationToken cancellationToken)
    {
        var given = await mediator.Send(new CancelOrder(id, BuyerId: null, User.ToActor(), seen), cancellationToken);
        if (given.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(
                words[
                    given.Value.Status == OrderStatus.Refunded
                        ? "The order is refunded; the money is on its way to the buyer."
                        : "The order is canceled."
                ]
            );
        }

        return RedirectToPage();
    }

    /// <summary>Asks the gateway about a payment that it has not answered.</summary>
    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostChaseAsync(Guid id, Guid paymentId, CancellationToken cancellationToken)
    {
        var chased = await mediator.Send(new ChasePayment(id, paymentId, User.ToActor()), cancellationToken);
        if (chased.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(
                words[
                    chased.Value switch
                    {
                        PaymentStanding.Confirmed => "The gateway has the money.",
                        PaymentStanding.Pending => "The gateway has not answered yet; the tickets stay reserved.",
                        _ => "The payment is closed; no money was received.",
                    }
                ]
            );
        }

        return RedirectToPage();
    }
}
