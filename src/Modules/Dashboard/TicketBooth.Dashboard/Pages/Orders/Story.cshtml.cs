using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages.Orders;

/// <summary>One order with everything that happened to it. Staff may cancel or refund it.</summary>
internal sealed class StoryModel(IMediator mediator, IStringLocalizer<Words> words, TimeProvider clock) : PageModel
{
    public GetOrderStory.OrderStory Order { get; private set; } = null!;

    /// <summary>Of all its payments.</summary>
    public IReadOnlyList<PaymentMoney> Money { get; private set; } = [];

    /// <summary>A bank disputes its money and has not decided.</summary>
    public bool IsDisputed => Money.Any(payment => payment.IsDisputed);

    public bool CanBeGivenBack => Order.Status is OrderStatus.OnPayment or OrderStatus.Paid;

    /// <summary>Its money goes back on the card terminal, by hand.</summary>
    public bool IsPaidByTerminal => Order.Counter is { Method: CounterMethod.CardTerminal };

    /// <summary>Money that was kept of a refunded order may still go back.</summary>
    public bool CanBeRefundedInPart =>
        Order.Status == OrderStatus.Paid || (Order.Status == OrderStatus.Refunded && Order.Returned < Order.Total);

    /// <summary>The id of a refund that the form may ask for.</summary>
    public Guid NewOperation() => FreshId.At(clock.GetUtcNow());

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
    /// <param name="reference">Of the reversal on the card terminal.</param>
    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostGiveBackAsync(Guid id, OrderStatus seen, string? reference, CancellationToken cancellationToken)
    {
        var given = await mediator.Send(
            new CancelOrder(id, BuyerId: null, User.ToActor(), seen, User.IsInRole(Roles.Admin), reference),
            cancellationToken
        );
        if (given.Error is { } error)
        {
            this.SayFailed(words.Explain(error));
        }
        else
        {
            this.SayDone(
                words[
                    given.Value.Counter is { Method: CounterMethod.CardTerminal }
                        ? "The order is refunded, and your shift has the reversal of the card."
                    : given.Value.Counter is not null ? "The money is out of your shift. Give it to the buyer."
                    : given.Value.Status == OrderStatus.Refunded ? "The order is refunded; the money is on its way to the buyer."
                    : "The order is canceled."
                ]
            );
        }

        return RedirectToPage();
    }

    /// <summary>Gives back a part of a paid order.</summary>
    /// <param name="operation">The refund's id: a form that is sent twice gives back once.</param>
    /// <param name="tickets">The numbers of the tickets that it is about; none for an amount.</param>
    /// <param name="amount">As it is typed; empty for the price of the tickets.</param>
    /// <param name="release">Whether the tickets are sold again.</param>
    /// <param name="reference">Of the reversal on the card terminal.</param>
    [AllowedTo(Policies.Staff)]
    public async Task<IActionResult> OnPostRefundAsync(
        Guid id,
        Guid operation,
        IReadOnlyList<int> tickets,
        string? amount,
        string? reason,
        bool release,
        string? reference,
        CancellationToken cancellationToken
    )
    {
        var story = await mediator.Send(new GetOrderStory.Query(id), cancellationToken);
        if (story.Error is not null)
        {
            return NotFound();
        }

        var order = story.Value;
        var units = UnitsOf(amount, order.Currency);
        if ((tickets.Count == 0 || !string.IsNullOrWhiteSpace(amount)) && units is null)
        {
            this.SayFailed(words["Type the amount to give back, or choose tickets."]);
            return RedirectToPage();
        }

        var refunded = await mediator.Send(
            new RefundOrder(
                id,
                tickets.Count == 0 ? null : [.. tickets.Select(number => TaggedId.Of(order.EventId, (ushort)number))],
                units,
                reason ?? "",
                tickets.Count == 0 ? null : release,
                User.ToActor(),
                operation,
                User.IsInRole(Roles.Admin),
                reference
            ),
            cancellationToken
        );
        if (refunded.Error is { } error)
        {
            this.SayFailed(words.ExplainFields(error));
        }
        else
        {
            this.SayDone(words["Given back so far: {0}.", Show.Money(refunded.Value.Returned, refunded.Value.Currency)]);
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

    /// <summary>What was typed, in the smallest unit; null when it is no amount of money.</summary>
    private static long? UnitsOf(string? amount, string currency) =>
        decimal.TryParse(amount, PlainNumbers.Style, CultureInfo.CurrentCulture, out var typed)
            ? Currencies.ToUnits(typed, currency)
            : null;
}
