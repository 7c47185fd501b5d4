using System.Globalization;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Narrows the orders to those that are searched for or downloaded.</summary>
internal sealed class OrderFilter(
    DashboardDbContext db,
    IMediator mediator,
    IOptions<DashboardOptions> options,
    DashboardZone zone,
    TimeProvider clock
)
{
    private const int LongestSearch = 254;
    private const int MostBuyers = 200;

    /// <param name="Search">
    /// An order's number or id, the beginning of the buyer's name or e-mail address, or a part of the event's name.
    /// </param>
    /// <param name="Status">As REST spells it, for example <c>on_payment</c>.</param>
    /// <param name="Attention">A <see cref="PaymentNeed"/> as REST spells it, for example <c>refund_due</c>.</param>
    /// <param name="From">The first day on which orders were placed, in the zone of the settings.</param>
    /// <param name="To">The last such day.</param>
    internal sealed record Wanted(
        string? Search = null,
        string? Status = null,
        Guid? EventId = null,
        string? Attention = null,
        DateOnly? From = null,
        DateOnly? To = null
    );

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
            this.RuleForDays(wanted => wanted.From, wanted => wanted.To);
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
            orders = need == PaymentNeed.Disputed ? orders.Disputed() : OfNeedy(orders, need);
        }

        if (wanted.EventId is { } eventId)
        {
            orders = orders.Where(order => order.EventId == eventId);
        }

        if (wanted.From is { } first)
        {
            var from = zone.StartOf(first);
            orders = orders.Where(order => order.PlacedAt >= from);
        }

        if (wanted.To is { } last)
        {
            var end = zone.StartOf(last.AddDays(1));
            orders = orders.Where(order => order.PlacedAt < end);
        }

        var search = wanted.Search?.Trim();
        return string.IsNullOrEmpty(search) ? orders : await FindAsync(orders, search, cancellationToken);
    }

    private IQueryable<OrderRow> OfNeedy(IQueryable<OrderRow> orders, PaymentNeed need)
    {
        var needy = db.Payments.InNeedOf(need, clock.GetUtcNow(), options.Value).Select(payment => payment.OrderId);
        return orders.Where(order => needy.Contains(order.Id));
    }

    private async Task<IQueryable<OrderRow>> FindAsync(IQueryable<OrderRow> orders, string search, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(search, out var id))
        {
            return orders.Where(order => order.Id == id);
        }

        // What looks like a number may be a name as well.
        if (SpokenId.TryParse(search, out var least, out var most))
        {
            var numbered = orders.Where(order => order.Id.CompareTo(least) >= 0 && order.Id.CompareTo(most) <= 0);
            if (await numbered.AnyAsync(cancellationToken))
            {
                return numbered;
            }
        }

        var found = await mediator.Send(new FindUsers(search, Limit: MostBuyers), cancellationToken);
        var buyers = found.IsSuccess ? found.Value.Items.Select(user => user.Id).ToList() : [];
        var names = await db.Events.Select(shown => new { shown.Id, shown.Name }).ToListAsync(cancellationToken);
        var events = names.Where(shown => IsPart(search, shown.Name)).Select(shown => shown.Id).ToList();
        return orders.Where(order => buyers.Contains(order.BuyerId) || events.Contains(order.EventId));
    }

    /// <summary>Without regard to case and accents. The events are few, and no database compares like this.</summary>
    private static bool IsPart(string search, string name) =>
        CultureInfo.InvariantCulture.CompareInfo.IndexOf(name, search, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0;
}
