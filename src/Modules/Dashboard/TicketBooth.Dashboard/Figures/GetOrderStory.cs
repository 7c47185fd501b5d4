using System.Text.Json.Serialization;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>One order with everything that happened to it.</summary>
internal static class GetOrderStory
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
    }

    /// <param name="Price">Cents, as the order quoted it.</param>
    internal sealed record TicketView(int Number, Guid TierId, string Tier, long Price);

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
                  "tickets": [{ "number": 12, "tierId": "0199e2f0-0d3b-7001-a2b3-c4d5e6f7aaaa", "tier": "Stalls", "price": 12000 }],
                  "total": 12000, "currency": "BRL",
                  "payments": [{
                    "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "paid", "method": "card", "amount": 12000, "currency": "BRL",
                    "startedAt": "2026-11-23T19:58:20Z", "changedAt": "2026-11-23T19:58:40Z", "declineReason": null, "refundReason": null
                  }],
                  "steps": [{ "at": "2026-11-23T19:58:11Z", "what": "placed", "detail": null, "by": null }],
                  "number": "0Q1WN-R9TR4"
                }
                """
            )
            .Produces<OrderStory>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found");

    internal sealed class Handler(DashboardDbContext db, IMediator mediator) : IRequestHandler<Query, Result<OrderStory>>
    {
        public async Task<Result<OrderStory>> Handle(Query request, CancellationToken cancellationToken)
        {
            if (await db.Orders.FirstOrDefaultAsync(row => row.Id == request.OrderId, cancellationToken) is not { } order)
            {
                return DashboardErrors.OrderNotFound;
            }

            var shown = await db.Events.FirstOrDefaultAsync(row => row.Id == order.EventId, cancellationToken);
            var payments = await db
                .Payments.Where(payment => payment.OrderId == order.Id)
                .OrderBy(payment => payment.StartedAt)
                .ToListAsync(cancellationToken);
            var actions = await db
                .AuditLog.Where(line => line.SubjectId == order.Id && line.Outcome != AuditLogRow.Begun)
                .ToListAsync(cancellationToken);
            var buyers = await mediator.BuyersAsync([order.BuyerId], cancellationToken);
            var tiers = shown?.Tiers.ToDictionary(tier => tier.Id, tier => tier.Name) ?? [];
            var steps = OfOrder(order)
                .Concat(payments.SelectMany(OfPayment))
                .Concat(
                    actions.Select(line => new Step(line.At, StepKind.StaffActed, $"{line.Kind}: {line.Outcome}", line.ByName)
                    {
                        StaffAction = (line.Kind, line.Outcome),
                    })
                );
            return new OrderStory(
                order.Id,
                order.EventId,
                shown?.Name ?? "",
                order.Status,
                buyers.GetValueOrDefault(order.BuyerId),
                [
                    .. order.Tickets.Select(ticket => new TicketView(
                        ticket.Number,
                        ticket.TierId,
                        tiers.GetValueOrDefault(ticket.TierId, ""),
                        ticket.Price
                    )),
                ],
                order.Total,
                shown?.Currency ?? "",
                [
                    .. payments.Select(payment => new PaymentLine(
                        payment.Id,
                        payment.Status,
                        payment.Method,
                        payment.Amount,
                        payment.Currency,
                        payment.StartedAt,
                        payment.ChangedAt,
                        payment.DeclineReason,
                        payment.RefundReason
                    )),
                ],
                [.. steps.OrderBy(step => step.At).ThenBy(step => step.What)]
            );
        }

        private static IEnumerable<Step> OfOrder(OrderRow order)
        {
            yield return new Step(order.PlacedAt, StepKind.Placed, null, null);
            if (order.PaidAt is { } paidAt)
            {
                yield return new Step(paidAt, StepKind.Paid, null, null);
            }

            if (order.EndedAt is { } endedAt)
            {
                yield return new Step(
                    endedAt,
                    order.Status switch
                    {
                        OrderStatus.Expired => StepKind.Expired,
                        OrderStatus.Canceled => StepKind.Canceled,
                        _ => StepKind.Refunded,
                    },
                    null,
                    null
                );
            }
        }

        private static IEnumerable<Step> OfPayment(PaymentRow payment)
        {
            if (payment.StartedAt is { } startedAt)
            {
                yield return new Step(startedAt, StepKind.PaymentStarted, payment.Id.ToString(), null);
            }

            if (payment.DeclinedAt is { } declinedAt)
            {
                yield return new Step(declinedAt, StepKind.PaymentDeclined, payment.DeclineReason, null);
            }

            if (payment.CapturedAt is { } capturedAt)
            {
                yield return new Step(capturedAt, StepKind.PaymentConfirmed, null, null);
            }

            if (payment is { Status: PaymentStatus.Refunded, ChangedAt: { } refundedAt })
            {
                yield return new Step(refundedAt, StepKind.PaymentRefunded, payment.RefundReason, null);
            }
        }
    }
}
