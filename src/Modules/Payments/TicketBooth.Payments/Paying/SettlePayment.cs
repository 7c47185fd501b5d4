using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>Queries the gateway about a payment before its hold is released; completes what a crash or a lost webhook left open.</summary>
internal static class SettlePayment
{
    internal static Result<PaymentStanding> StandingAfter(Result<Changed> outcome) => outcome.Map(changed => StandingOf(changed.Payment));

    private static PaymentStanding StandingOf(Payment payment) =>
        payment.Status switch
        {
            PaymentStatus.Paid or PaymentStatus.RefundFailed => PaymentStanding.Confirmed,
            PaymentStatus.Declined when payment.DeclineReason != PaymentsErrors.Abandoned => PaymentStanding.Declined,
            PaymentStatus.AwaitingConfirmation => PaymentStanding.Pending,
            // Abandoned or refunded: no money will come.
            _ => PaymentStanding.Unknown,
        };

    internal sealed class Handler(IPaymentStore store, PaymentLedger ledger, PaymentGateways gateways)
        : IRequestHandler<Contracts.SettlePayment, Result<PaymentStanding>>
    {
        public async Task<Result<PaymentStanding>> Handle(Contracts.SettlePayment request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.PaymentId) is not { } payment)
            {
                return PaymentStanding.Unknown;
            }

            if (payment.Status != PaymentStatus.AwaitingConfirmation)
            {
                return StandingOf(payment);
            }

            switch (await gateways.StandingOfAsync(payment, cancellationToken))
            {
                case ChargeStanding.NotKnown:
                    return StandingAfter(await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(PaymentsErrors.Abandoned)));
                case ChargeStanding.Known known:
                    return await RecordAsync(payment, known);
                default:
                    return PaymentsErrors.GatewayUnavailable;
            }
        }

        private async Task<Result<PaymentStanding>> RecordAsync(Payment payment, ChargeStanding.Known known)
        {
            var standing = PaymentStanding.Pending;
            foreach (var fact in FactsOf(known))
            {
                var changed = await ledger.RecordAsync(new GatewayNotice(payment.Gateway, known.ExternalId, payment.Id, fact));
                standing = changed is null ? PaymentStanding.Unknown : StandingOf(changed.Payment);
            }

            return standing;
        }

        /// <summary>What the gateway has taken and given back, in this order.</summary>
        internal static IEnumerable<GatewayFact> FactsOf(ChargeStanding.Known known) =>
            known.State switch
            {
                ChargeState.Declined => [new GatewayFact.Declined(known.DeclineReason ?? PaymentsErrors.DeclinedByGateway)],
                ChargeState.Canceled => [new GatewayFact.Canceled()],
                _ =>
                [
                    .. known.Captures.Select(capture => new GatewayFact.Captured(capture)),
                    .. known.Refunds.Select(refund => new GatewayFact.Refund(refund)),
                    .. known.Disputes.Select(dispute => new GatewayFact.Dispute(dispute)),
                ],
            };
    }
}
