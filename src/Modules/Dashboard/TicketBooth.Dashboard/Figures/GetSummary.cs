using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>The whole house at a glance. Reads sums only, so it takes as long with a million orders as with ten.</summary>
internal static class GetSummary
{
    private const int MostEvents = 500;
    private const int ChartMinutes = 60;

    internal sealed record Query : IRequest<Result<Summary>>;

    /// <param name="Version">Of the read model; grows with every change.</param>
    /// <param name="At">When it was read.</param>
    /// <param name="Today">Of all events, since midnight in the time zone of the settings.</param>
    /// <param name="Money">Today's money, a line for each currency.</param>
    /// <param name="OnPayment">Tickets that are on payment now.</param>
    /// <param name="OrdersPerMinute">Orders placed in the last five full minutes, by the minute.</param>
    /// <param name="Conversion">Of today's orders that came to an end, the share that was paid: 0 to 1; null when there is none.</param>
    /// <param name="Minutes">The last hour, minute by minute, ascending; quiet minutes are left out.</param>
    /// <param name="Events">Events that are not over, and those with sales today, by their start.</param>
    /// <param name="Attention">What a person should look at.</param>
    internal sealed record Summary(
        long Version,
        DateTimeOffset At,
        Period Today,
        IReadOnlyList<MoneyLine> Money,
        long OnPayment,
        double OrdersPerMinute,
        double? Conversion,
        IReadOnlyList<MinuteLine> Minutes,
        IReadOnlyList<EventLine> Events,
        Attention Attention
    );

    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Revenue">Cents of orders paid today.</param>
    /// <param name="Returned">Cents of orders refunded today.</param>
    internal sealed record MoneyLine(string Currency, long Revenue, long Returned);

    internal sealed record MinuteLine(DateTimeOffset At, long OrdersPlaced, long OrdersPaid);

    /// <summary>An event and how it sells.</summary>
    /// <param name="Released">Its tickets.</param>
    /// <param name="Revenue">Cents that stay, of all time.</param>
    /// <param name="SoldToday">Tickets sold today, less those that were refunded.</param>
    /// <param name="RevenueToday">Cents of today, less what was refunded.</param>
    /// <param name="IsNearlySoldOut">By the percentage in the settings.</param>
    internal sealed record EventLine(
        Guid Id,
        string Name,
        string Venue,
        DateTimeOffset StartsAt,
        DateTimeOffset SaleClosesAt,
        bool IsCanceled,
        string Currency,
        long Released,
        long OnPayment,
        long Sold,
        long Revenue,
        long SoldToday,
        long RevenueToday,
        bool IsNearlySoldOut
    );

    /// <param name="DeadLetters">Messages that a module keeps failing on.</param>
    /// <param name="StuckPayments">Payments that the gateway has not answered for longer than the settings allow.</param>
    /// <param name="RefundsDue">Captured payments whose money must go back and has not.</param>
    /// <param name="Differences">Between read model and ledger, as the latest comparison found; null before the first.</param>
    /// <param name="NearlySoldOut">Events.</param>
    internal sealed record Attention(long DeadLetters, int StuckPayments, int RefundsDue, long? Differences, int NearlySoldOut);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/dashboard/summary", async (IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(), ct)).ToHttp(summary => TypedResults.Ok(summary))
            )
            .RequireStaff()
            .WithName("GetDashboardSummary")
            .WithTags("Dashboard")
            .WithSummary("Show the house at a glance")
            .WithDescription(
                "Live figures of all events; they follow sales within a second. Money is integer cents, a line for each currency."
            )
            .WithExamples(
                response: """
                {
                  "version": 812, "at": "2026-11-23T20:00:02Z",
                  "today": { "ordersPlaced": 410, "ordersPaid": 380, "ordersLapsed": 12, "ordersRefunded": 3, "ticketsSold": 802, "ticketsReturned": 5 },
                  "money": [{ "currency": "BRL", "revenue": 9624000, "returned": 60000 }],
                  "onPayment": 36, "ordersPerMinute": 4.2, "conversion": 0.969,
                  "minutes": [{ "at": "2026-11-23T19:59:00Z", "ordersPlaced": 5, "ordersPaid": 4 }],
                  "events": [{
                    "id": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000", "name": "Jazz Night", "venue": "Main Hall", "startsAt": "2026-12-01T23:00:00Z", "saleClosesAt": "2026-12-01T22:00:00Z",
                    "isCanceled": false, "currency": "BRL", "released": 200, "onPayment": 6, "sold": 120, "revenue": 1440000, "soldToday": 31, "revenueToday": 372000, "isNearlySoldOut": false
                  }],
                  "attention": { "deadLetters": 0, "stuckPayments": 1, "refundsDue": 0, "differences": 0, "nearlySoldOut": 2 }
                }
                """
            )
            .Produces<Summary>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    internal sealed class Handler(
        DashboardDbContext db,
        IDeadLetters deadLetters,
        DashboardZone zone,
        IOptions<DashboardOptions> options,
        TimeProvider clock
    ) : IRequestHandler<Query, Result<Summary>>
    {
        public async Task<Result<Summary>> Handle(Query request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();

            // First: figures that are newer than the version are looked at once more, older ones would be missed.
            var version = await db.VersionAsync(cancellationToken);
            var today = (await OfDayAsync(Contributions.DayOf(now, zone.Zone), cancellationToken)).ToDictionary(
                sales => sales.EventId,
                sales => sales.Figures
            );
            var events = await EventsAsync(now, today.Keys, cancellationToken);
            var ids = events.Select(shown => shown.Id).ToList();
            var ever = await db
                .Sales.Where(sales => sales.Span == SalesSpan.Ever && sales.TierId == Guid.Empty && ids.Contains(sales.EventId))
                .ToDictionaryAsync(sales => sales.EventId, sales => sales.Figures, cancellationToken);
            var lines = events.ConvertAll(shown =>
                LineOf(
                    shown,
                    ever.GetValueOrDefault(shown.Id, SalesFigures.None),
                    today.GetValueOrDefault(shown.Id, SalesFigures.None),
                    now
                )
            );
            var minutes = await MinutesAsync(now, cancellationToken);
            var whole = today.Values.Aggregate(SalesFigures.None, (sum, figures) => sum + figures);
            return new Summary(
                version,
                now,
                Period.Of(whole),
                MoneyOf(events, today),
                ever.Values.Sum(figures => Math.Max(0, figures.OnPayment)),
                PaceOf(minutes, now),
                whole.Conversion,
                minutes,
                lines,
                await AttentionAsync(now, lines.Count(line => line.IsNearlySoldOut), cancellationToken)
            );
        }

        private static List<MoneyLine> MoneyOf(List<EventRow> events, Dictionary<Guid, SalesFigures> today) =>
            [
                .. events
                    .GroupBy(shown => shown.Currency, StringComparer.Ordinal)
                    .Select(same =>
                        (
                            Currency: same.Key,
                            Figures: same.Aggregate(SalesFigures.None, (sum, shown) =>
                                sum + today.GetValueOrDefault(shown.Id, SalesFigures.None)
                            )
                        )
                    )
                    .OrderByDescending(line => line.Figures.Revenue)
                    .Select(line => new MoneyLine(line.Currency, line.Figures.Revenue, line.Figures.Returned)),
            ];

        private static double PaceOf(IReadOnlyList<MinuteLine> minutes, DateTimeOffset now)
        {
            const int Window = 5;
            var end = new DateTimeOffset(Contributions.MinuteOf(now), TimeSpan.Zero);
            return minutes.Where(minute => minute.At < end && minute.At >= end.AddMinutes(-Window)).Sum(minute => minute.OrdersPlaced)
                / (double)Window;
        }

        private EventLine LineOf(EventRow shown, SalesFigures ever, SalesFigures today, DateTimeOffset now)
        {
            var onPayment = Math.Max(0, ever.OnPayment);
            var taken = ever.NetSold + onPayment;
            return new EventLine(
                shown.Id,
                shown.Name,
                shown.Venue,
                shown.StartsAt,
                shown.SaleClosesAt,
                shown.IsCanceled,
                shown.Currency,
                shown.Released,
                onPayment,
                ever.NetSold,
                ever.NetRevenue,
                today.NetSold,
                today.NetRevenue,
                !shown.IsCanceled
                    && now < shown.SaleClosesAt
                    && taken < shown.Released
                    && taken * 100 >= shown.Released * (long)options.Value.NearlySoldOutPercent
            );
        }

        private Task<List<SalesRow>> OfDayAsync(long day, CancellationToken cancellationToken) =>
            db
                .Sales.Where(sales => sales.Span == SalesSpan.Day && sales.At == day && sales.TierId == Guid.Empty)
                .ToListAsync(cancellationToken);

        private Task<List<EventRow>> EventsAsync(DateTimeOffset now, IEnumerable<Guid> sellingToday, CancellationToken cancellationToken)
        {
            var selling = sellingToday.ToList();
            return db
                .Events.Where(shown =>
                    (!shown.IsCanceled && (shown.StartsAt > now || shown.SaleClosesAt > now)) || selling.Contains(shown.Id)
                )
                .OrderBy(shown => shown.StartsAt)
                .Take(MostEvents)
                .ToListAsync(cancellationToken);
        }

        private async Task<List<MinuteLine>> MinutesAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            var from = Contributions.MinuteOf(now.AddMinutes(1 - ChartMinutes));
            var sums = await db
                .Sales.Where(sales => sales.Span == SalesSpan.Minute && sales.At >= from && sales.TierId == Guid.Empty)
                .GroupBy(sales => sales.At)
                .Select(minute => new
                {
                    At = minute.Key,
                    Placed = minute.Sum(sales => sales.Figures.OrdersPlaced),
                    Paid = minute.Sum(sales => sales.Figures.OrdersPaid),
                })
                .OrderBy(minute => minute.At)
                .ToListAsync(cancellationToken);
            return sums.ConvertAll(minute => new MinuteLine(new DateTimeOffset(minute.At, TimeSpan.Zero), minute.Placed, minute.Paid));
        }

        private async Task<Attention> AttentionAsync(DateTimeOffset now, int nearlySoldOut, CancellationToken cancellationToken)
        {
            var latest = await db
                .Runs.Where(run => run.Kind == RunKind.Reconciliation && run.EndedAt != null)
                .OrderByDescending(run => run.StartedAt)
                .Select(run => (long?)run.Differences)
                .FirstOrDefaultAsync(cancellationToken);
            return new Attention(
                await deadLetters.CountAsync(),
                await db.Payments.InNeedOf(PaymentNeed.StuckPayment, now, options.Value).CountAsync(cancellationToken),
                await db.Payments.InNeedOf(PaymentNeed.RefundDue, now, options.Value).CountAsync(cancellationToken),
                latest,
                nearlySoldOut
            );
        }
    }
}
