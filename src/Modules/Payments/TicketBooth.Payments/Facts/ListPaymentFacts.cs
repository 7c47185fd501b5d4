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
            Returning = paying is null ? 0 : UnderWayOf(money, paying),
            Stray = money
                .Captures.Where(capture => !capture.Pays)
                .Sum(capture => Math.Max(0, capture.Amount - money.ReturnedOf(capture) - UnderWayOf(money, capture))),
            IsDisputed = money.Disputes.Any(dispute => dispute.State == DisputeState.Opened),
            HasFailedRefund = money.Refunds.Any(refund => refund is { State: RefundState.Refused, IsOurs: true }),
            NeedsAttention = MoneyCases.IsOpen(payment) == true,
        };
    }

    private static long UnderWayOf(MoneyOnRecord money, Capture capture) =>
        money.Refunds.Where(refund => refund.State == RefundState.Asked && refund.CaptureId == capture.Id).Sum(refund => refund.Amount);
}
