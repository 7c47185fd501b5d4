using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>The sales of one event. Reads sums only.</summary>
internal static class GetEventFigures
{
    private const int ChartHours = 24;

    internal sealed record Query(Guid EventId) : IRequest<Result<EventFigures>>;

    /// <param name="Version">Of the read model; grows with every change.</param>
    /// <param name="Currency">ISO 4217, of all money here; money is integer cents.</param>
    /// <param name="Released">Tickets that buyers have or may have: without those that staff took off sale.</param>
    /// <param name="Revenue">Cents, less what was refunded.</param>
    /// <param name="Returned">Cents of refunded orders.</param>
    /// <param name="Conversion">Of the orders that ended, the share that was paid: 0 to 1; null when none ended.</param>
    /// <param name="Tiers">In the organiser's order.</param>
    /// <param name="Days">Days with sales in the time zone of the settings, ascending.</param>
    /// <param name="Minutes">Of the last 24 hours, ascending, without minutes in which nothing happened.</param>
    internal sealed record EventFigures(
        long Version,
        DateTimeOffset At,
        Guid Id,
        string Name,
        string Venue,
        DateTimeOffset StartsAt,
        DateTimeOffset SaleOpensAt,
        DateTimeOffset SaleClosesAt,
        bool IsCanceled,
        string Currency,
        int Capacity,
        long Released,
        long OnPayment,
        long Sold,
        long Revenue,
        long Returned,
        double? Conversion,
        Period Ever,
        Period Today,
        IReadOnlyList<TierFigures> Tiers,
        IReadOnlyList<DayFigures> Days,
        IReadOnlyList<MinuteFigures> Minutes
    )
    {
        /// <summary>Tickets that staff hold for the house, of all tiers.</summary>
        public long OffSale => Tiers.Sum(tier => tier.OffSale);

        /// <summary>Of `sold`, the tickets sold at the counter, complimentary ones too.</summary>
        public long CounterSold { get; init; }

        /// <summary>Of `revenue`, what the counter took: cents.</summary>
        public long CounterRevenue { get; init; }

        /// <summary>Tickets that were given away.</summary>
        public long Complimentary { get; init; }

        /// <summary>Of the paid orders, those of the counter, less those that were refunded whole.</summary>
        public long CounterOrders { get; init; }

        /// <summary>The door of the evening; null where the module Admissions is not loaded.</summary>
        public Admitted? Admitted { get; init; }
    }

    /// <param name="Price">What a ticket costs now, in cents.</param>
    /// <param name="Released">Tickets that buyers have or may have: without those that staff took off sale.</param>
    /// <param name="OffSale">Tickets that staff hold for the house.</param>
    /// <param name="Revenue">Cents, less what was refunded.</param>
    internal sealed record TierFigures(
        Guid Id,
        string Name,
        long Price,
        long Released,
        long OffSale,
        long OnPayment,
        long Sold,
        long Revenue
    );

    /// <param name="Sold">Tickets sold, less those that were refunded.</param>
    /// <param name="Revenue">Cents, less what was refunded.</param>
    /// <param name="Taken">Tickets of orders that were placed.</param>
    /// <param name="Returned">Tickets of paid orders that were refunded, whenever those were sold.</param>
    internal sealed record DayFigures(DateOnly Day, long OrdersPlaced, long OrdersPaid, long Sold, long Revenue, long Taken, long Returned);

    /// <param name="Taken">Tickets of orders that were placed.</param>
    /// <param name="Sold">Tickets of orders that were paid.</param>
    /// <param name="Returned">Tickets of paid orders that were refunded, whenever those were sold.</param>
    /// <param name="Revenue">Cents, less what was refunded.</param>
    internal sealed record MinuteFigures(DateTimeOffset At, long Taken, long Sold, long Returned, long Revenue);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/dashboard/events/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(id), ct)).ToHttp(figures => TypedResults.Ok(figures))
            )
            .RequireStaff()
            .WithName("GetDashboardEvent")
            .WithTags("Dashboard")
            .WithSummary("Show how an event sells")
            .WithDescription(
                """
                Live figures of one published event; they follow sales, and the doors on the evening, within a second. Money is integer
                cents of the event's currency. `admitted`, the door, is null on a host without the module Admissions. A ticket that is
                refunded after its bearer came in has come all the same. 404 `event-not-found`, also for a draft.
                """
            )
            .WithExamples(
                response: """
                {
                  "version": 812, "at": "2026-11-23T20:00:02Z", "id": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000",
                  "name": "Jazz Night", "venue": "Main Hall", "startsAt": "2026-12-01T23:00:00Z",
                  "saleOpensAt": "2026-11-01T12:00:00Z", "saleClosesAt": "2026-12-01T22:00:00Z", "isCanceled": false,
                  "currency": "BRL", "capacity": 220, "released": 200, "offSale": 10, "onPayment": 6, "sold": 120,
                  "revenue": 1440000, "returned": 24000, "conversion": 0.94,
                  "ever": {
                    "ordersPlaced": 66, "ordersPaid": 61, "ordersLapsed": 4, "ordersRefunded": 1, "ticketsSold": 122,
                    "ticketsReturned": 2, "disputes": 0
                  },
                  "today": {
                    "ordersPlaced": 20, "ordersPaid": 17, "ordersLapsed": 1, "ordersRefunded": 0, "ticketsSold": 31,
                    "ticketsReturned": 0, "disputes": 0
                  },
                  "tiers": [{
                    "id": "0199e2f0-0d3b-7001-a2b3-c4d5e6f7aaaa", "name": "Stalls", "price": 12000, "released": 200,
                    "offSale": 10, "onPayment": 6, "sold": 120, "revenue": 1440000
                  }],
                  "days": [{
                    "day": "2026-11-23", "ordersPlaced": 20, "ordersPaid": 17, "sold": 31, "revenue": 372000, "taken": 36, "returned": 0
                  }],
                  "minutes": [{ "at": "2026-11-23T19:59:00Z", "taken": 2, "sold": 1, "returned": 0, "revenue": 12000 }],
                  "counterSold": 12, "counterRevenue": 120000, "complimentary": 2, "counterOrders": 7,
                  "admitted": {
                    "inside": 84, "left": 3, "toCome": 33, "steps": [{ "at": "2026-12-01T22:05:00Z", "in": 31, "out": 1 }]
                  }
                }
                """
            )
            .Produces<EventFigures>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");

    internal sealed class Handler(DashboardDbContext db, IServiceProvider services, DashboardZone zone, TimeProvider clock)
        : IRequestHandler<Query, Result<EventFigures>>
    {
        public async Task<Result<EventFigures>> Handle(Query request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var version = await db.VersionAsync(cancellationToken);
            if (await db.Events.FirstOrDefaultAsync(row => row.Id == request.EventId, cancellationToken) is not { } shown)
            {
                return DashboardErrors.EventNotFound;
            }

            var ofEvent = db.Sales.Where(sales => sales.EventId == shown.Id);
            var byTier = await ofEvent
                .Where(sales => sales.Span == SalesSpan.Ever)
                .ToDictionaryAsync(sales => sales.TierId, sales => sales.Figures, cancellationToken);
            var days = await ofEvent
                .Where(sales => sales.TierId == Guid.Empty && sales.Span == SalesSpan.Day)
                .OrderBy(sales => sales.At)
                .ToListAsync(cancellationToken);
            var from = Contributions.MinuteOf(now.AddHours(-ChartHours));
            var minutes = await ofEvent
                .Where(sales => sales.TierId == Guid.Empty && sales.Span == SalesSpan.Minute && sales.At >= from)
                .OrderBy(sales => sales.At)
                .ToListAsync(cancellationToken);
            var ever = byTier.GetValueOrDefault(Guid.Empty, SalesFigures.None);
            var day = Contributions.DayOf(now, zone.Zone);
            return new EventFigures(
                version,
                now,
                shown.Id,
                shown.Name,
                shown.Venue,
                shown.StartsAt,
                shown.SaleOpensAt,
                shown.SaleClosesAt,
                shown.IsCanceled,
                shown.Currency,
                shown.Capacity,
                shown.Released,
                Math.Max(0, ever.OnPayment),
                ever.NetSold,
                ever.NetRevenue,
                ever.Returned,
                ever.Conversion,
                Period.Of(ever),
                Period.Of(days.Find(sales => sales.At == day)?.Figures ?? SalesFigures.None),
                [.. shown.Tiers.Select(tier => TierOf(tier, byTier.GetValueOrDefault(tier.Id, SalesFigures.None)))],
                [
                    .. days.Select(sales => new DayFigures(
                        DateOnly.FromDayNumber((int)sales.At),
                        sales.Figures.OrdersPlaced,
                        sales.Figures.OrdersPaid,
                        sales.Figures.NetSold,
                        sales.Figures.NetRevenue,
                        sales.Figures.Taken,
                        sales.Figures.Refunded
                    )),
                ],
                [
                    .. minutes.Select(sales => new MinuteFigures(
                        new DateTimeOffset(sales.At, TimeSpan.Zero),
                        sales.Figures.Taken,
                        sales.Figures.Sold,
                        sales.Figures.Refunded,
                        sales.Figures.NetRevenue
                    )),
                ]
            )
            {
                CounterSold = ever.CounterSold,
                CounterRevenue = ever.CounterRevenue,
                Complimentary = ever.Complimentary,
                CounterOrders = ever.CounterOrders,
                Admitted = DoorLedger.IsHere(services) ? await Admitted.OfAsync(db.Doors, shown.Id, ever.NetSold, cancellationToken) : null,
            };
        }

        private static TierFigures TierOf(TierLine tier, SalesFigures figures) =>
            new(
                tier.Id,
                tier.Name,
                tier.Price,
                tier.Released,
                tier.OffSale,
                Math.Max(0, figures.OnPayment),
                figures.NetSold,
                figures.NetRevenue
            );
    }
}
