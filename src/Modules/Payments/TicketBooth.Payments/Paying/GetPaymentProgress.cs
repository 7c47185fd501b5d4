using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>What a buyer needs to go on with an order that is being paid.</summary>
internal static class GetPaymentProgress
{
    // A buyer who looks at an order does not wait for a slow gateway.
    private static readonly TimeSpan GatewayTime = TimeSpan.FromSeconds(2);

    internal sealed class Handler(
        IPaymentStore store,
        PaymentLedger ledger,
        PaymentGateways gateways,
        AttemptLimits limits,
        TimeProvider clock
    ) : IRequestHandler<Contracts.GetPaymentProgress, Result<PaymentProgress>>
    {
        public async Task<Result<PaymentProgress>> Handle(Contracts.GetPaymentProgress request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.PaymentId) is not { } stored || stored.OrderId != request.OrderId)
            {
                return PaymentsErrors.NotFound;
            }

            var payment = ledger.Complete(stored);
            if (payment is { Status: PaymentStatus.AwaitingConfirmation, ExternalId: null })
            {
                payment = await AskAsync(payment, cancellationToken);
            }

            var (left, last) = await limits.ProgressOfAsync(request.OrderId, request.BuyerId);
            var (pixCode, nextAction) = (payment.Money.PixCode, payment.Money.NextAction);
            return new PaymentProgress(
                payment.Method,
                pixCode is null ? null : new PixView(pixCode, GetPixQrCode.AddressOf(payment.OrderId)),
                payment.HoldExpiresAt,
                nextAction is null ? null : new NextActionView(nextAction.Type, nextAction.Url, nextAction.ClientSecret),
                last is null ? null : new DeclineView(last.Reason, DeclineWords.Of(last.Reason, request.Language), last.At),
                left
            );
        }

        /// <summary>Another host has just sent it, or one that was killed before it stored the answer.</summary>
        private async Task<Payment> AskAsync(Payment payment, CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(GatewayTime, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                if (await gateways.StandingOfAsync(payment, either.Token) is ChargeStanding.Known known)
                {
                    ledger.NoteTaken(payment.Id, known.ExternalId, known.PixCode, known.NextAction);
                    return ledger.Complete(payment);
                }
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Shown without what only the gateway knows.
            }

            return payment;
        }
    }
}
