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
            PaymentStatus.Paid => PaymentStanding.Confirmed,
            PaymentStatus.Declined when payment.DeclineReason != PaymentsErrors.Abandoned => PaymentStanding.Declined,
            PaymentStatus.AwaitingConfirmation => PaymentStanding.Pending,
            // Abandoned or refunded: no money will come.
            _ => PaymentStanding.Unknown,
        };

    internal sealed class Handler(IPaymentStore store, PaymentLedger ledger, IPaymentGateway gateway)
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

            switch (await gateway.GetAsync(payment.Id, cancellationToken))
            {
                case ChargeStanding.NotKnown:
                    return StandingAfter(await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(PaymentsErrors.Abandoned)));
                case ChargeStanding.Known known when FactOf(known.State) is { } fact:
                    return StandingAfter(
                        await ledger.RecordAsync(payment.Id, new GatewayNotice(known.ExternalId, known.Amount, known.Currency, fact))
                    );
                case ChargeStanding.Known:
                    return PaymentStanding.Pending;
                default:
                    return PaymentsErrors.GatewayUnavailable;
            }
        }

        private static PaymentFact? FactOf(ChargeState state) =>
            state switch
            {
                ChargeState.Captured => new PaymentFact.Captured(),
                ChargeState.Declined => new PaymentFact.Declined(PaymentsErrors.DeclinedByGateway),
                ChargeState.Refunded => new PaymentFact.Refunded(),
                _ => null,
            };
    }
}
