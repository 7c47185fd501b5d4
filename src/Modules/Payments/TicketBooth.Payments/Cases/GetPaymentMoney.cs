using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Cases;

/// <summary>All money of some payments, as staff see it.</summary>
internal static class GetPaymentMoney
{
    private const int Most = 1_000;

    internal sealed class Validator : AbstractValidator<Contracts.GetPaymentMoney>
    {
        public Validator() =>
            RuleFor(request => request.PaymentIds)
                .NotNull()
                .Must(ids => ids is null || ids.Count <= Most)
                .WithMessage($"At most {Most} payments.");
    }

    internal sealed class Handler(IPaymentStore store) : IRequestHandler<Contracts.GetPaymentMoney, Result<IReadOnlyList<PaymentMoney>>>
    {
        public async Task<Result<IReadOnlyList<PaymentMoney>>> Handle(
            Contracts.GetPaymentMoney request,
            CancellationToken cancellationToken
        )
        {
            var found = await store.FindAsync(request.PaymentIds);
            return Result<IReadOnlyList<PaymentMoney>>.From([
                .. found.Select(stored => Of(stored.Payment)).OrderBy(money => money.PaymentId.ToString("N"), StringComparer.Ordinal),
            ]);
        }
    }

    private static PaymentMoney Of(Payment payment)
    {
        var money = payment.Money;
        return new(
            payment.Id,
            money.Refunds.Any(refund => refund.WaitsForStaff),
            money.Disputes.Any(dispute => dispute.State == DisputeState.Opened),
            [
                .. money.Captures.Select(capture => new PaymentMoneyLine(
                    capture.Pays ? PaymentMoneyKind.Captured : PaymentMoneyKind.CapturedBeside,
                    capture.Id,
                    capture.Amount,
                    capture.Currency,
                    Reason: null,
                    Failure: null,
                    capture.At,
                    By: null,
                    Note: null
                )),
                .. money.Refunds.Select(refund => LineOf(payment, refund)),
                .. money.Disputes.Select(dispute => new PaymentMoneyLine(
                    dispute.State switch
                    {
                        DisputeState.Won => PaymentMoneyKind.DisputeWon,
                        DisputeState.Lost => PaymentMoneyKind.DisputeLost,
                        _ => PaymentMoneyKind.DisputeOpened,
                    },
                    dispute.Id,
                    dispute.Amount,
                    dispute.Currency,
                    dispute.Reason,
                    Failure: null,
                    dispute.At,
                    By: null,
                    dispute.Note
                )),
            ]
        );
    }

    private static PaymentMoneyLine LineOf(Payment payment, Refund refund) =>
        new(
            refund.State switch
            {
                RefundState.Asked => PaymentMoneyKind.RefundUnderWay,
                RefundState.Refused => PaymentMoneyKind.RefundRefused,
                RefundState.PaidBackByHand => PaymentMoneyKind.PaidBackByHand,
                _ => refund.IsOurs ? PaymentMoneyKind.Refunded : PaymentMoneyKind.ReturnedFromConsole,
            },
            refund.ExternalId,
            refund.Amount,
            refund.Currency,
            refund.IsOurs ? refund.Reason : null,
            refund.Failure,
            refund.EndedAt ?? (refund.State == RefundState.Asked ? null : payment.ChangedAt),
            refund.By,
            refund.Reference ?? refund.Note
        );
}
