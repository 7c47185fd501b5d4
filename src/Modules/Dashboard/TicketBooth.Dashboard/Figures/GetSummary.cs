using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Figures;

/// <summary>The sales of all events at a glance. Reads sums only, so its time does not depend on the number of orders.</summary>
internal static partial class GetSummary
{
    internal sealed record Query : IRequest<Result<Summary>>;

    /// <param name="Version">Of the read model; grows with every change.</param>
    /// <param name="At">When it was read.</param>
    /// <param name="Today">Of all events, since midnight in the time zone of the settings.</param>
    /// <param name="Money">Today's money, a line for each currency.</param>
    /// <param name="OnPayment">Tickets that are reserved and await payment now.</param>
    /// <param name="OrdersPerMinute">Orders placed in the last five full minutes, by the minute.</param>
    /// <param name="Conversion">Of today's orders that ended, the share that was paid: 0 to 1; null when none ended.</param>
    /// <param name="Minutes">The last hour by the minute, ascending, without minutes in which nothing happened.</param>
    /// <param name="Days">The last 30 days in that time zone, ascending, without days on which nothing happened.</param>
    /// <param name="Events">Events that are not over, and those with sales today, by their start.</param>
    /// <param name="Attention">What staff should look at.</param>
    internal sealed record Summary(
        long Version,
        DateTimeOffset At,
        Period Today,
        IReadOnlyList<MoneyLine> Money,
        long OnPayment,
        double OrdersPerMinute,
        double? Conversion,
        IReadOnlyList<MinuteLine> Minutes,
        IReadOnlyList<DayLine> Days,
        IReadOnlyList<EventLine> Events,
        Attention Attention
    )
    {
        /// <summary>Tickets sold at the counter today, complimentary ones too, less those that came back today.</summary>
        public long CounterSoldToday { get; init; }

        /// <summary>Paid orders of the counter today, less those that were refunded whole today.</summary>
        public long CounterOrdersToday { get; init; }

        /// <summary>Tickets given away today, less those that came back today.</summary>
        public long ComplimentaryToday { get; init; }

        /// <summary>Shifts that are open now; null where Booking is not loaded.</summary>
        public int? OpenShifts { get; init; }
    }

    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Revenue">Cents of orders paid today.</param>
    /// <param name="Returned">Cents of orders refunded today.</param>
    internal sealed record MoneyLine(string Currency, long Revenue, long Returned)
    {
        /// <summary>Cents that the counter took today, less what it gave back today.</summary>
        public long CounterRevenue { get; init; }
    }

    internal sealed record MinuteLine(DateTimeOffset At, long OrdersPlaced, long OrdersPaid);

    internal sealed record DayLine(DateOnly Day, long OrdersPlaced, long OrdersPaid);

    /// <summary>An event and how it sells.</summary>
    /// <param name="Released">Its tickets.</param>
    /// <param name="Revenue">Cents of all time, less what was refunded.</param>
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
    )
    {
        /// <summary>Of `sold`, the tickets sold at the counter, complimentary ones too.</summary>
        public long CounterSold { get; init; }

        /// <summary>Tickets that were given away.</summary>
        public long Complimentary { get; init; }
    }

    /// <param name="DeadLetters">Messages that a module fails on.</param>
    /// <param name="StuckPayments">Payments that the gateway has not answered for longer than the settings allow.</param>
    /// <param name="RefundsDue">Captured payments whose money must be refunded and is not yet.</param>
    /// <param name="Differences">Between read model and ledger, as the latest comparison found; null before the first.</param>
    /// <param name="NearlySoldOut">Events.</param>
    internal sealed record Attention(long DeadLetters, int StuckPayments, int RefundsDue, long? Differences, int NearlySoldOut)
    {
        /// <summary>Orders whose buyer's bank disputes money and has not decided.</summary>
        public int Disputes { get; init; }

        /// <summary>Money that waits for a person; counted up to 200.</summary>
        public int MoneyCases { get; init; }

        /// <summary>
        /// Between the gateways and us, as the latest comparison found, and gateways that could not be asked; null before the first.
        /// </summary>
        public long? GatewayDifferences { get; init; }

        /// <summary>Certificates of gateways that end within 30 days.</summary>
        public int ExpiringCertificates { get; init; }

        /// <summary>Whether the latest backup that this host tried to make failed: 1, or 0.</summary>
        public int FailedBackups { get; init; }

        /// <summary>Violations of the system's promises that the latest pass of the self-audit found.</summary>
        public long Violations { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/dashboard/summary", async (IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(), ct)).ToHttp(summary => TypedResults.Ok(summary))
            )
            .RequireStaff()
            .WithName("GetDashboardSummary")
            .WithTags("Dashboard")
            .WithSummary("Show the sales of all events at a glance")
            .WithDescription(
                "Live figures of all events; they follow sales within a second. Money is integer cents, a line for each currency."
            )
            .WithExamples(
                response: """
                {
                  "version": 812, "at": "2026-11-23T20:00:02Z",
                  "today": {
                    "ordersPlaced": 410, "ordersPaid": 380, "ordersLapsed": 12, "ordersRefunded": 3,
                    "ticketsSold": 802, "ticketsReturned": 5, "disputes": 0
                  },
                  "money": [{ "currency": "BRL", "revenue": 9624000, "returned": 60000, "counterRevenue": 840000 }],
                  "onPayment": 36, "ordersPerMinute": 4.2, "conversion": 0.969,
                  "minutes": [{ "at": "2026-11-23T19:59:00Z", "ordersPlaced": 5, "ordersPaid": 4 }],
                  "days": [{ "day": "2026-11-23", "ordersPlaced": 410, "ordersPaid": 380 }],
                  "events": [{
                    "id": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000", "name": "Jazz Night", "venue": "Main Hall",
                    "startsAt": "2026-12-01T23:00:00Z", "saleClosesAt": "2026-12-01T22:00:00Z", "isCanceled": false, "currency": "BRL",
                    "released": 200, "onPayment": 6, "sold": 120, "revenue": 1440000,
                    "soldToday": 31, "revenueToday": 372000, "isNearlySoldOut": false, "counterSold": 12, "complimentary": 2
                  }],
                  "attention": {
                    "deadLetters": 0, "stuckPayments": 1, "refundsDue": 0, "differences": 0, "nearlySoldOut": 2,
                     "disputes": 0, "moneyCases": 1, "gatewayDifferences": 0, "expiringCertificates": 0, "failedBackups": 0,
                     "violations": 0
                  },
                  "counterSoldToday": 40, "counterOrdersToday": 22, "complimentaryToday": 2, "openShifts": 2
                }
                """
            )
            .Produces<Summary>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
}
