using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Facts;

/// <summary>All payments, page by page, for modules that compare their data with ours.</summary>
internal static class ListPaymentFacts
{
    internal sealed class Validator : AbstractValidator<Contracts.ListPaymentFacts>
    {
        public Validator() => RuleFor(request => request.Limit).InclusiveBetween(1, 1_000);
    }

    internal sealed class Handler(IPaymentStore store) : IRequestHandler<Contracts.ListPaymentFacts, Result<IReadOnlyList<PaymentFacts>>>
    {
        public async Task<Result<IReadOnlyList<PaymentFacts>>> Handle(
            Contracts.ListPaymentFacts request,
            CancellationToken cancellationToken
        )
        {
            var page = await store.ListAsync(request.After ?? Guid.Empty, request.Limit);
            return Result<IReadOnlyList<PaymentFacts>>.From([.. page.Select(stored => stored.ToFacts())]);
        }
    }

    /// <summary>A payment as the contract shows it.</summary>
    internal static PaymentFacts ToFacts(this StoredPayment stored)
    {
        var payment = stored.Payment;
        var money = payment.Money;
        var paying = money.Paying;
        return new(
            payment.Id,
            payment.OrderId,
            payment.Status,
            payment.Amount,
            payment.Currency,
            payment.IsRefundDue,
            stored.HasPendingMessages
        )
        {
            Method = payment.Method,
            StartedAt = payment.CreatedAt,
            ChangedAt = payment.ChangedAt,
            DeclinedAt = payment.DeclinedAt,
            CapturedAt = payment.CapturedAt,
            DeclineReason = payment.DeclineReason,
            RefundReason = payment.RefundReason,
            Gateway = payment.Gateway,
            Captured = paying?.Amount ?? 0,
            Returned = paying is null ? 0 : money.ReturnedOf(paying),
            Returning = paying is null ? 0 : money.UnderWayOf(paying),
            Disputes =
                money.Disputes.Count == 0
                    ? []
                    : [.. money.Disputes.Select(dispute => new PaymentDisputeFacts(dispute.Id, PaymentDisputes.StateOf(dispute)))],
            IsDisputed = money.Disputes.Any(dispute => dispute.State == DisputeState.Opened),
            HasFailedRefund = money.Refunds.Any(refund => refund.WaitsForStaff),
            NeedsAttention = MoneyCases.IsOpen(payment) == true,
        };
    }
}
