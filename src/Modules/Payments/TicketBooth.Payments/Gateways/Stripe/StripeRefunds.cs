using Stripe;
using TicketBooth.Payments.Domain;
using StripeRefund = Stripe.Refund;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Gives money back.</summary>
internal sealed class StripeRefunds(StripeApi api, StripeIntents intents)
{
    private const int MostKeys = 3;

    /// <remarks>
    /// Stripe forgets an idempotency key after a day, and a refund may be asked for again weeks later: what is there already is looked for
    /// first.
    /// </remarks>
    public async Task<RefundAnswer> RefundAsync(RefundAsk ask, CancellationToken cancellationToken)
    {
        if (await FindAsync(ask, cancellationToken) is { } known)
        {
            return known;
        }

        if (StripeAmounts.ToStripe(ask.Amount, ask.Currency) is not { } amount)
        {
            return new RefundAnswer.Refused(PaymentsErrors.AmountNotPayable.Code);
        }

        for (var turn = 1; ; turn++)
        {
            var reply = await api.WriteAsync(
                $"refund-{ask.RefundId:N}-{turn}",
                (services, request) => services.Refunds.CreateAsync(OptionsOf(ask, amount), request, cancellationToken),
                cancellationToken
            );
            if (reply.Value is { } made)
            {
                return AnswerOf(made);
            }

            if (reply.WasNotDone)
            {
                return new RefundAnswer.Unreachable();
            }

            if (await FindAsync(ask, cancellationToken) is { } found)
            {
                return found;
            }

            if (reply.Trouble == StripeTrouble.Refused)
            {
                return await RefusalAsync(ask, reply.Error, cancellationToken);
            }

            // As with a charge: a failure that Stripe keeps for the key, and no refund there.
            if (!reply.Replayed || reply.Trouble != StripeTrouble.Broken || turn == MostKeys)
            {
                return new RefundAnswer.Unreachable();
            }
        }
    }

    /// <summary>The refund that we asked for before; null when there is none.</summary>
    private async Task<RefundAnswer?> FindAsync(RefundAsk ask, CancellationToken cancellationToken)
    {
        var reply = await intents.RefundsOfAsync(ask.CaptureId, cancellationToken);
        if (reply.Value is not { } refunds)
        {
            return new RefundAnswer.Unreachable();
        }

        var own = refunds.Find(refund => StripeMoneyMoved.IdIn(refund.Metadata, StripeMoneyMoved.RefundKey) == ask.RefundId);
        return own is null ? null : AnswerOf(own);
    }

    private async Task<RefundAnswer> RefusalAsync(RefundAsk ask, StripeError? error, CancellationToken cancellationToken)
    {
        var found = await intents.FindAsync(ask.Payment, cancellationToken);
        return found.Value is not { } there ? new RefundAnswer.Unreachable()
            : there.Intent is { Status: "succeeded" } ? new RefundAnswer.Refused(error?.Code ?? "refused")
            : new RefundAnswer.NotCaptured();
    }

    private static RefundCreateOptions OptionsOf(RefundAsk ask, long amount) =>
        new()
        {
            Charge = StripeIntents.IsIntent(ask.CaptureId) ? null : ask.CaptureId,
            PaymentIntent = StripeIntents.IsIntent(ask.CaptureId) ? ask.CaptureId : null,
            Amount = amount,
            Reason = "requested_by_customer",
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [StripeMoneyMoved.RefundKey] = ask.RefundId.ToString("D"),
                [StripeMoneyMoved.PaymentKey] = ask.Payment.PaymentId.ToString("D"),
            },
        };

    private static RefundAnswer AnswerOf(StripeRefund refund)
    {
        var money = StripeMoneyMoved.RefundOf(refund);
        return money.State switch
        {
            GatewayRefundState.Settled => new RefundAnswer.Settled(money.Id),
            GatewayRefundState.Asked => new RefundAnswer.Asked(money.Id),
            _ => new RefundAnswer.Refused(money.Reason!),
        };
    }
}
