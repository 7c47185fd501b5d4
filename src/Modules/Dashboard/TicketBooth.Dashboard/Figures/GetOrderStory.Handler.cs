using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Tells the story from the read model, and of the refunds from the ledger, which alone knows how far they are.</summary>
internal static partial class GetOrderStory
{
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
            var known = (await mediator.Send(new GetOrderFacts([order.Id]), cancellationToken)).Value;
            var refunds = known is [var facts] ? facts.Refunds : [];
            var released = refunds.Where(refund => refund.Released).SelectMany(refund => refund.Tickets).ToHashSet();
            var isDisputed = known is [var marked] && marked.Tickets.Any(ticket => ticket.Disputed);
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
                        ticket.Price,
                        order.Status == OrderStatus.Refunded || released.Contains(ticket.Number)
                    )
                    {
                        Disputed = isDisputed,
                    }),
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
            )
            {
                Returned = order.Returned(),
                Counter = known is [{ Counter: var counter }] ? counter : null,
                Refunds =
                [
                    .. refunds.Select(refund => new RefundView(
                        refund.Id,
                        refund.Amount,
                        refund.Tickets,
                        refund.Released,
                        refund.Reason,
                        refund.At,
                        refund.Status,
                        refund.By?.Name,
                        refund.Failure
                    )
                    {
                        CountsAsReturned = !refund.ByGateway,
                    }),
                ],
                Disputes =
                [
                    .. (order.Disputes ?? []).Select(dispute => new DisputeView(dispute.Id, dispute.State, dispute.Amount, dispute.At)),
                ],
            };
        }

        private static IEnumerable<Step> OfOrder(OrderRow order)
        {
            yield return new Step(order.PlacedAt, StepKind.Placed, null, null);
            if (order.PaidAt is { } paidAt)
            {
                yield return new Step(paidAt, StepKind.Paid, null, null);
            }

            foreach (var refund in (order.Refunds ?? []).Where(refund => refund.At != order.EndedAt))
            {
                yield return new Step(refund.At, StepKind.PartlyRefunded, null, null);
            }

            foreach (var failed in (order.Refunds ?? []).Where(refund => refund.FailedAt is not null))
            {
                yield return new Step(failed.FailedAt!.Value, StepKind.RefundFailed, null, null);
            }

            foreach (var dispute in order.Disputes ?? [])
            {
                yield return new Step(dispute.At, StepKind.Disputed, dispute.Id, null);
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
