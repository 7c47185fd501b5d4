using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>A request to pay an order that has a payment under way: finds out what became of it, and goes on with it or ends it.</summary>
internal sealed class RunningAttempts(
    IMediator mediator,
    IPaymentStore store,
    PaymentLedger ledger,
    PaymentGateways gateways,
    PaymentAttempts attempts,
    AttemptLimits limits,
    TimeProvider clock
)
{
    private const string PixCurrency = "BRL";

    // Longer than an attempt takes from its store to the gateway.
    internal static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(1);

    /// <param name="refusal">Why a new payment may not begin; the answer unless the one under way is of use to the buyer.</param>
    public async Task<Result<PaymentView>> ContinueAsync(
        Contracts.PayOrder request,
        Guid paymentId,
        Error refusal,
        CancellationToken cancellationToken
    )
    {
        var orders = await mediator.Send(new GetOrderFacts([request.OrderId]), cancellationToken);
        if (orders.Error is { } unknown)
        {
            return unknown;
        }

        var isLimit = refusal.Kind == ErrorKind.TooManyRequests;
        if (orders.Value.SingleOrDefault() is not { } order || order.BuyerId != request.BuyerId)
        {
            // Booking has not been asked yet whose order it is when the limit came first.
            return isLimit ? PaymentsErrors.OrderNotFound : refusal;
        }

        if (isLimit && order.Status != OrderStatus.OnPayment)
        {
            // Not the limit is the reason why it cannot be paid: Booking says what is.
            return (await mediator.Send(new BeginPayment(request.OrderId, request.BuyerId, paymentId), cancellationToken)).Error ?? refusal;
        }

        if (order.PaymentId is not { } underWay)
        {
            return refusal;
        }

        if (await store.FindAsync(underWay) is { } stored)
        {
            return await ContinueAsync(request, paymentId, ledger.Complete(stored), refusal, cancellationToken);
        }

        if (isLimit)
        {
            return refusal;
        }

        // Its first write failed, or is still to come. One of both requests stores the payment, and only that one sends it.
        var begun = await mediator.Send(new BeginPayment(request.OrderId, request.BuyerId, underWay), cancellationToken);
        return begun.Error ?? await attempts.StartAsync(request, underWay, begun.Value);
    }

    private async Task<Result<PaymentView>> ContinueAsync(
        Contracts.PayOrder request,
        Guid paymentId,
        Payment stored,
        Error refusal,
        CancellationToken cancellationToken
    )
    {
        if (stored.Status != PaymentStatus.AwaitingConfirmation || stored.HoldExpiresAt <= clock.GetUtcNow())
        {
            // What became of it is on its way to the order.
            return refusal;
        }

        var standing = await gateways.StandingOfSoonAsync(stored, cancellationToken);
        return stored.Method == request.Method
            ? await GoOnAsync(request, paymentId, stored, standing, cancellationToken)
            : await ChangeMethodAsync(request, paymentId, stored, standing, cancellationToken);
    }

    /// <summary>The same method: answers with the payment that runs.</summary>
    private async Task<Result<PaymentView>> GoOnAsync(
        Contracts.PayOrder request,
        Guid paymentId,
        Payment stored,
        ChargeStanding standing,
        CancellationToken cancellationToken
    )
    {
        switch (standing)
        {
            case ChargeStanding.NotKnown:
                return await attempts.ChargeAsync(stored, request.Token);
            case ChargeStanding.Known { State: ChargeState.ActionRequired } when TokenMarks.IsOther(stored, request.Token):
                return await ReplaceAsync(request, paymentId, stored, cancellationToken);
            case ChargeStanding.Known { State: ChargeState.Pending } when TokenMarks.IsOther(stored, request.Token):
                return PaymentsErrors.InProgress;
            case ChargeStanding.Known { State: ChargeState.Pending or ChargeState.ActionRequired } known:
                return await attempts.GoOnAsync(request, stored, stored.Money, known);
            case ChargeStanding.Known:
                return await SettleAsync(stored, cancellationToken) ?? PaymentsErrors.InProgress;
            default:
                // The gateway took it and cannot be asked now: what it said then is still of use.
                return stored.ExternalId is null
                    ? PaymentsErrors.InProgress
                    : PaymentAttempts.Accepted(stored, stored.Money.PixCode, stored.Money.NextAction);
        }
    }

    /// <summary>Another method: ends the payment that runs, and begins the new one.</summary>
    private async Task<Result<PaymentView>> ChangeMethodAsync(
        Contracts.PayOrder request,
        Guid paymentId,
        Payment stored,
        ChargeStanding standing,
        CancellationToken cancellationToken
    ) =>
        standing switch
        {
            // Its own request may still be on the way to the gateway.
            ChargeStanding.NotKnown when clock.GetUtcNow() - stored.CreatedAt < LongestAttempt => PaymentsErrors.InProgress,
            ChargeStanding.NotKnown => await RefusalOfAsync(request, stored) ?? await SupersedeAsync(request, paymentId, stored),
            ChargeStanding.Known { State: ChargeState.Pending or ChargeState.ActionRequired } => await ReplaceAsync(
                request,
                paymentId,
                stored,
                cancellationToken
            ),
            ChargeStanding.Known => await SettleAsync(stored, cancellationToken)
                ?? await BeginInsteadAsync(request, paymentId, stored),
            _ => PaymentsErrors.GatewayUnavailable,
        };

    /// <summary>Ends the payment at its gateway first. While that cannot be reached, nothing changes.</summary>
    private async Task<Result<PaymentView>> ReplaceAsync(
        Contracts.PayOrder request,
        Guid paymentId,
        Payment stored,
        CancellationToken cancellationToken
    )
    {
        if (await RefusalOfAsync(request, stored) is { } refusal)
        {
            return refusal;
        }

        if (gateways.Named(stored.Gateway) is not { Abilities.CancelsAttempts: true } gateway)
        {
            return PaymentsErrors.InProgress;
        }

        return await gateways.CancelSoonAsync(gateway, stored, cancellationToken) switch
        {
            CancelAnswer.Canceled => await SupersedeAsync(request, paymentId, stored),
            CancelAnswer.AlreadyCaptured => await SettleAsync(stored, cancellationToken) ?? PaymentsErrors.InProgress,
            CancelAnswer.NotKnown => PaymentsErrors.InProgress,
            _ => PaymentsErrors.GatewayUnavailable,
        };
    }

    /// <summary>Why nothing can take the place of a payment that runs; it then goes on.</summary>
    private async Task<Error?> RefusalOfAsync(Contracts.PayOrder request, Payment stored) =>
        request.Method == PaymentMethod.Pix && stored.Currency != PixCurrency ? PaymentsErrors.PixNeedsReais
        : gateways.For(request.Method)?.Abilities.Takes(stored.Currency) != true ? PaymentsErrors.MethodUnavailable
        : await limits.RefusalOfAsync(request.OrderId, request.BuyerId);

    // From here on the caller's leaving stops nothing: the old payment is over, and the new one is what they want.
    private async Task<Result<PaymentView>> SupersedeAsync(Contracts.PayOrder request, Guid paymentId, Payment stored)
    {
        var ended = await ledger.RecordAsync(
            stored.Id,
            payment =>
                payment.Status is PaymentStatus.AwaitingConfirmation or PaymentStatus.Declined ? null : PaymentsErrors.AlreadyPaid,
            new PaymentFact.Declined(PaymentsErrors.Superseded)
        );
        return ended.Error ?? await BeginInsteadAsync(request, paymentId, stored);
    }

    private async Task<Result<PaymentView>> BeginInsteadAsync(Contracts.PayOrder request, Guid paymentId, Payment ended)
    {
        // The end of the other one may itself have been a decline that counts.
        if (await limits.RefusalOfAsync(request.OrderId, request.BuyerId) is { } refusal)
        {
            return refusal;
        }

        var begin = new BeginPayment(request.OrderId, request.BuyerId, paymentId, InsteadOf: ended.Id);
        var begun = await mediator.Send(begin, CancellationToken.None);
        return begun.Error ?? await attempts.StartAsync(request, paymentId, begun.Value);
    }

    /// <summary>Records what the gateway knows. Null when the payment was declined: another may begin.</summary>
    private async Task<Error?> SettleAsync(Payment stored, CancellationToken cancellationToken)
    {
        var standing = await mediator.Send(new Contracts.SettlePayment(stored.Id), cancellationToken);
        return standing.Error
            ?? standing.Value switch
            {
                PaymentStanding.Confirmed => PaymentsErrors.AlreadyPaid,
                PaymentStanding.Pending => PaymentsErrors.InProgress,
                _ => null,
            };
    }
}
