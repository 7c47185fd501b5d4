using FluentValidation;
using MediatR;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Narrows the orders to those that are searched for or downloaded.</summary>
internal sealed class OrderFilter(DashboardDbContext db, IMediator mediator, IOptions<DashboardOptions> options, TimeProvider clock)
{
    private const int LongestSearch = 254;
    private const int MostBuyers = 200;

    /// <param name="Search">An order's id, or the beginning of the buyer's name or e-mail address.</param>
    /// <param name="Status">As REST spells it, for example <c>on_payment</c>.</param>
    /// <param name="Attention">A <see cref="PaymentNeed"/> as REST spells it, for example <c>refund_due</c>.</param>
    internal sealed record Wanted(string? Search = null, string? Status = null, Guid? EventId = null, string? Attention = null);

    internal sealed class Rules : AbstractValidator<Wanted>
    {
        public Rules()
        {
            RuleFor(wanted => wanted.Search).MaximumLength(LongestSearch);
            RuleFor(wanted => wanted.Status)
                .Must(status => string.IsNullOrEmpty(status) || StatusNames.TryParse<OrderStatus>(status, out _))
                .WithMessage("Not a status of orders.");
            RuleFor(wanted => wanted.Attention)
                .Must(need => string.IsNullOrEmpty(need) || StatusNames.TryParse<PaymentNeed>(need, out _))
                .WithMessage("Not what orders need attention for.");
        }
    }

    /// <param name="wanted">As <see cref="Rules"/> allows.</param>
    /// <param name="cancellationToken">Cancels the query for buyers.</param>
    public async Task<IQueryable<OrderRow>> NarrowAsync(Wanted wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var orders = db.Orders;
        if (StatusNames.TryParse<OrderStatus>(wanted.Status, out var status))
        {
            orders = orders.Where(order => order.Status == status);
        }

        if (StatusNames.TryParse<PaymentNeed>(wanted.Attention, out var need))
        {
            var needy = db.Payments.InNeedOf(need, clock.GetUtcNow(), options.Value).Select(payment => payment.OrderId);
            orders = orders.Where(order => needy.Contains(order.Id));
        }

        if (wanted.EventId is { } eventId)
        {
            orders = orders.Where(order => order.EventId == eventId);
        }

        var search = wanted.Search?.Trim();
        if (string.IsNullOrEmpty(search))
        {
            return orders;
        }

        if (Guid.TryParse(search, out var id))
        {
            return orders.Where(order => order.Id == id);
        }

        var found = await mediator.Send(new FindUsers(search, Limit: MostBuyers), cancellationToken);
        var buyers = found.IsSuccess ? found.Value.Items.Select(user => user.Id).ToList() : [];
        return orders.Where(order => buyers.Contains(order.BuyerId));
    }
}
