using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>Stores a payment and sends it to the gateway. An attempt that stopped half-way is continued under the same id.</summary>
/// <remarks>
/// The store keeps a payment's id once, and the gateway charges an id once: however many requests go through here for one payment, the
/// buyer is charged once.
/// </remarks>
internal sealed partial class PaymentAttempts(
    IPaymentStore store,
    PaymentLedger ledger,
    PaymentGateways gateways,
    TimeProvider clock,
    ILogger<PaymentAttempts> logger
)
{
    /// <summary>
    /// Sends a new payment to the gateway. Fails with <c>payment-in-progress</c> when another request has stored it, and when the hold of
    /// an attempt that stopped half-way is over.
    /// </summary>
    public async Task<Result<PaymentView>> StartAsync(Contracts.PayOrder request, Guid paymentId, PaymentTerms terms)
    {
        // From here on the attempt is completed even when the caller disconnects. SettlePayment completes what a crash leaves open.
        var now = clock.GetUtcNow();
        if (terms.HoldExpiresAt <= now)
        {
            return PaymentsErrors.InProgress;
        }

        if (gateways.For(request.Method) is not { } gateway)
        {
            return PaymentsErrors.MethodUnavailable;
        }

        var payment = new Payment(paymentId, request.OrderId, request.Method, terms.Amount, terms.Currency, terms.HoldExpiresAt, now)
        {
            Gateway = gateway.Name,
            BuyerId = request.BuyerId,
        };
        var isStored = await store.AddAsync(
            payment,
            MessageCodec.Encode(
                new PaymentStarted(paymentId, request.OrderId, request.Method, terms.Amount, terms.Currency, now),
                request.OrderId,
                now
            )
        );
        return isStored ? await ChargeAsync(payment, request.Token) : PaymentsErrors.InProgress;
    }

    /// <summary>
    /// Answers the request that made the payment and comes again: as the first time, whatever became of the payment. Sends it when it
    /// never reached the gateway, as the gateway says, and gives again what the buyer goes on with.
    /// </summary>
    public async Task<Result<PaymentView>> RepeatAsync(Contracts.PayOrder request, Payment stored, CancellationToken cancellationToken)
    {
        if (stored.Status != PaymentStatus.AwaitingConfirmation || stored.HoldExpiresAt <= clock.GetUtcNow())
        {
            return Accepted(stored, pixCode: null);
        }

        var (told, standing) = (ledger.Complete(stored).Money, await gateways.StandingOfSoonAsync(stored, cancellationToken));
        return standing switch
        {
            ChargeStanding.NotKnown => await ChargeAsync(stored, request.Token),
            ChargeStanding.Known { State: ChargeState.Pending or ChargeState.ActionRequired } known => await GoOnAsync(
                request,
                stored,
                told,
                known
            ),
            _ => Accepted(stored, told.PixCode, told.NextAction),
        };
    }

    /// <summary>Answers with an attempt that runs: what its buyer pays with, or what they must do first.</summary>
    /// <param name="told">What the gateway said when it took it.</param>
    /// <param name="known">What it says now.</param>
    public async Task<Result<PaymentView>> GoOnAsync(
        Contracts.PayOrder request,
        Payment stored,
        MoneyOnRecord told,
        ChargeStanding.Known known
    )
    {
        var pixCode = known.PixCode ?? told.PixCode;

        // A code by Pix that the gateway does not repeat when it is asked comes again with the same charge.
        return stored.Method == PaymentMethod.Pix && pixCode is null
            ? await ChargeAsync(stored, request.Token)
            : Accepted(stored, pixCode, known.NextAction ?? (known.State == ChargeState.ActionRequired ? told.NextAction : null));
    }

    /// <summary>
    /// Sends a stored payment to its gateway, which charges it once however often it comes. When the gateway takes longer than a request
    /// waits, the answer is the one of an unknown outcome, and what the gateway says is recorded when it comes.
    /// </summary>
    public async Task<Result<PaymentView>> ChargeAsync(Payment payment, string? token)
    {
        var charging = ChargeToTheEndAsync(payment, token);
        try
        {
            return await charging.WaitAsync(PaymentGateways.RequestPatience, clock);
        }
        catch (TimeoutException) when (!charging.IsCompleted)
        {
            _ = LogWhenLostAsync(charging, payment.Id);
            return Accepted(payment, pixCode: null);
        }
    }

    /// <remarks>Always awaiting confirmation, even when the webhook was faster: clients always get the same answer.</remarks>
    public static PaymentView Accepted(Payment payment, string? pixCode, NextAction? nextAction = null) =>
        new(
            payment.Id,
            PaymentStatus.AwaitingConfirmation,
            pixCode is null ? null : new PixView(pixCode, GetPixQrCode.AddressOf(payment.OrderId))
        )
        {
            NextAction = nextAction is null ? null : new NextActionView(nextAction.Type, nextAction.Url, nextAction.ClientSecret),
        };

    private async Task LogWhenLostAsync(Task charging, Guid paymentId)
    {
        await charging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (charging.Exception?.InnerException is { } failure)
        {
            LogLost(logger, failure, paymentId);
        }
    }

    private async Task<Result<PaymentView>> ChargeToTheEndAsync(Payment payment, string? token)
    {
        if (gateways.Named(payment.Gateway) is not { } gateway)
        {
            return PaymentsErrors.GatewayUnavailable;
        }

        var charge = new Charge(
            payment.Id,
            payment.OrderId,
            payment.Amount,
            payment.Currency,
            payment.Method,
            token,
            payment.HoldExpiresAt
        )
        {
            CreatedAt = payment.CreatedAt,
        };
        switch (await gateway.CreateAsync(charge, CancellationToken.None))
        {
            case ChargeAnswer.Taken taken:
                ledger.NoteTaken(payment.Id, taken.ExternalId, taken.PixCode, taken.NextAction, TokenMarks.Of(payment.Id, token));
                if (taken.Capture is { } capture)
                {
                    await ledger.RecordAsync(
                        new GatewayNotice(payment.Gateway, taken.ExternalId, payment.Id, new GatewayFact.Captured(capture))
                    );
                }

                return Accepted(payment, taken.PixCode, taken.NextAction);
            case ChargeAnswer.Refused refused:
                await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(refused.Reason ?? refused.Error.Code));
                return refused.Error;
            case ChargeAnswer.NotTaken:
                await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(PaymentsErrors.GatewayUnavailable.Code));
                return PaymentsErrors.GatewayUnavailable;
            default:
                // The outcome is unknown; the webhook or SettlePayment will tell.
                return Accepted(payment, pixCode: null);
        }
    }

    [LoggerMessage(
        EventId = 5061,
        Level = LogLevel.Warning,
        Message = "What the gateway said of payment {PaymentId} could not be recorded; its webhook or the settling of the hold will"
    )]
    private static partial void LogLost(ILogger logger, Exception failure, Guid paymentId);
}
