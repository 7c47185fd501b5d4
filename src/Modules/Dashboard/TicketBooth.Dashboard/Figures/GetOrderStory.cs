using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>One order with everything that happened to it.</summary>
internal static partial class GetOrderStory
{
    internal sealed record Query(Guid OrderId) : IRequest<Result<OrderStory>>;

    /// <param name="Total">Cents of <paramref name="Currency"/>.</param>
    /// <param name="Buyer">Null when the account is gone.</param>
    /// <param name="Payments">All attempts, in their order.</param>
    /// <param name="Steps">What happened, ascending.</param>
    internal sealed record OrderStory(
        Guid Id,
        Guid EventId,
        string Event,
        OrderStatus Status,
        BuyerView? Buyer,
        IReadOnlyList<TicketView> Tickets,
        long Total,
        string Currency,
        IReadOnlyList<PaymentLine> Payments,
        IReadOnlyList<Step> Steps
    )
    {
        /// <summary>By which people call the order.</summary>
        public string Number => SpokenId.Of(Id);

        /// <summary>Cents that went back to the buyer or are on their way; never more than the total.</summary>
        public long Returned { get; init; }

        /// <summary>In the order in which they were decided.</summary>
        public IReadOnlyList<RefundView> Refunds { get; init; } = [];

        /// <summary>In the order in which they became known.</summary>
        public IReadOnlyList<DisputeView> Disputes { get; init; } = [];

        /// <summary>Only of an order that was sold at the counter.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public CounterFacts? Counter { get; init; }
    }

    /// <param name="Id">The gateway's.</param>
    /// <param name="Amount">Cents.</param>
    /// <param name="At">When it became known.</param>
    internal sealed record DisputeView(string Id, OrderDisputeState State, long Amount, DateTimeOffset At);

    /// <param name="Price">Cents, as the order quoted it.</param>
    /// <param name="Released">A refund has released it; the order does not hold it any more.</param>
    internal sealed record TicketView(int Number, Guid TierId, string Tier, long Price, bool Released)
    {
        /// <summary>The buyer's bank disputes the money that paid for it, or has taken it.</summary>
        public bool Disputed { get; init; }
    }

    /// <param name="Amount">Cents; 0 when it only released tickets.</param>
    /// <param name="Tickets">The numbers of the tickets that it is about; none for an amount.</param>
    /// <param name="Released">They are free again.</param>
    /// <param name="Reason">What staff wrote; a stable code when no member of staff asked for it.</param>
    /// <param name="By">The member of staff who asked for it.</param>
    /// <param name="Failure">Why the gateway refuses it.</param>
    internal sealed record RefundView(
        Guid Id,
        long Amount,
        IReadOnlyList<int> Tickets,
        bool Released,
        string Reason,
        DateTimeOffset At,
        OrderRefundStatus Status,
        string? By,
        string? Failure
    )
    {
        /// <summary>False for what was made at the gateway's own console and came back: nobody waits for it.</summary>
        [JsonIgnore]
        public bool CountsAsReturned { get; init; } = true;
    }

    /// <param name="Amount">Cents.</param>
    /// <param name="DeclineReason">Why it was declined last: a stable code.</param>
    /// <param name="RefundReason">Why its money must be refunded: a stable code.</param>
    internal sealed record PaymentLine(
        Guid Id,
        PaymentStatus Status,
        PaymentMethod? Method,
        long Amount,
        string Currency,
        DateTimeOffset? StartedAt,
        DateTimeOffset? ChangedAt,
        string? DeclineReason,
        string? RefundReason
    );

    /// <summary>Something that happened to the order.</summary>
    /// <param name="What">A stable code.</param>
    /// <param name="Detail">The code of a reason, the id of a payment, or a staff action and its outcome.</param>
    /// <param name="By">The member of staff who did it; null when none did.</param>
    internal sealed record Step(DateTimeOffset At, StepKind What, string? Detail, string? By)
    {
        /// <summary>The staff action and its outcome, which <see cref="Detail"/> joins for REST.</summary>
        [JsonIgnore]
        public (string Kind, string Outcome)? StaffAction { get; init; }
    }

    internal enum StepKind
    {
        Placed,
        PaymentStarted,
        PaymentDeclined,
        PaymentConfirmed,
        PaymentRefunded,
        Paid,
        Expired,
        Canceled,
        Refunded,
        PartlyRefunded,
        RefundFailed,
        Disputed,
        StaffActed,
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/dashboard/orders/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(id), ct)).ToHttp(story => TypedResults.Ok(story))
            )
            .RequireStaff()
            .WithName("GetOrderStory")
            .WithTags("Dashboard")
            .WithSummary("Show everything that happened to an order")
            .WithDescription(
                """
                The order with its buyer, its payments and its steps, ascending: what happened to it, and what staff did with it. Follows
                within a second. 404 `order-not-found`.
                """
            )
            .WithExamples(
                response: """
                {
                  "id": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "eventId": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000",
                  "event": "Jazz Night", "status": "paid",
                  "buyer": { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com" },
                  "tickets": [{ "number": 12, "tierId": "0199e2f0-0d3b-7001-a2b3-c4d5e6f7aaaa", "tier": "Stalls", "price": 12000,
                    "released": false, "disputed": false }],
                  "total": 12000, "currency": "BRL",
                  "payments": [{
                    "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "paid", "method": "card", "amount": 12000, "currency": "BRL",
                    "startedAt": "2026-11-23T19:58:20Z", "changedAt": "2026-11-23T19:58:40Z", "declineReason": null, "refundReason": null
                  }],
                  "steps": [{ "at": "2026-11-23T19:58:11Z", "what": "placed", "detail": null, "by": null }],
                  "number": "0Q1WN-R9TR4", "returned": 2000,
                  "refunds": [{
                    "id": "0199e2f5-0c21-7b10-a2d4-1e2f3a4b5c6d", "amount": 2000, "tickets": [], "released": false,
                    "reason": "Could not see the stage.", "at": "2026-11-24T09:30:00Z", "status": "asked", "by": "Carla", "failure": null
                  }],
                  "disputes": []
                }
                """
            )
            .Produces<OrderStory>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found");
}
