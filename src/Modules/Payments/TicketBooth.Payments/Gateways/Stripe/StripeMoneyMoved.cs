using Stripe;
using TicketBooth.Payments.Domain;
using StripeCharge = Stripe.Charge;
using StripeDispute = Stripe.Dispute;
using StripeRefund = Stripe.Refund;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Stripe's objects in our words.</summary>
internal static class StripeMoneyMoved
{
    /// <summary>Metadata of all that we make at Stripe: our ids.</summary>
    public const string PaymentKey = "payment";
    public const string OrderKey = "order";
    public const string RefundKey = "refund";

    public static Guid? IdIn(IReadOnlyDictionary<string, string>? metadata, string key) =>
        metadata?.TryGetValue(key, out var text) == true && Guid.TryParse(text, out var id) ? id : null;

    public static Guid? PaymentOf(PaymentIntent intent) => IdIn(intent.Metadata, PaymentKey);

    public static ChargeState StateOf(PaymentIntent intent) =>
        intent.Status switch
        {
            "succeeded" => ChargeState.Captured,
            "requires_action" => ChargeState.ActionRequired,
            "canceled" => ChargeState.Canceled,
            "requires_payment_method" when intent.LastPaymentError is not null => ChargeState.Declined,
            _ => ChargeState.Pending,
        };

    /// <summary>The money that an intent has taken; null while it has none.</summary>
    /// <param name="at">When it was taken, if the charge is not there to tell.</param>
    public static GatewayCapture? CaptureOf(PaymentIntent intent, DateTime at)
    {
        if (intent.Status != "succeeded")
        {
            return null;
        }

        var (units, currency) = StripeAmounts.FromStripe(intent.AmountReceived, intent.Currency);
        return new GatewayCapture(intent.LatestChargeId ?? intent.Id, units, currency, TimeOf(intent.LatestCharge?.Created ?? at));
    }

    public static NextAction? ActionOf(PaymentIntent intent) =>
        (intent.Status, intent.NextAction) switch
        {
            ("requires_action", { Type: "redirect_to_url", RedirectToUrl.Url: { } url }) => new NextAction(
                "redirect",
                url,
                ClientSecret: null
            ),
            ("requires_action", { Type: { } type }) => new NextAction(type, Url: null, intent.ClientSecret),
            _ => null,
        };

    public static GatewayRefund RefundOf(StripeRefund refund)
    {
        var (units, currency) = StripeAmounts.FromStripe(refund.Amount, refund.Currency);
        var state = refund.Status switch
        {
            "succeeded" => GatewayRefundState.Settled,
            "failed" or "canceled" => GatewayRefundState.Refused,
            _ => GatewayRefundState.Asked,
        };
        return new GatewayRefund(
            refund.Id,
            IdIn(refund.Metadata, RefundKey),
            refund.ChargeId ?? refund.PaymentIntentId,
            units,
            currency,
            state,
            state == GatewayRefundState.Refused ? refund.FailureReason ?? refund.Status : null,
            TimeOf(refund.Created)
        );
    }

    /// <param name="at">When it was told; of two decisions the later counts.</param>
    /// <remarks>An inquiry is an open dispute too: the bank has asked, and money follows when nobody answers.</remarks>
    public static GatewayDispute DisputeOf(StripeDispute dispute, DateTime at)
    {
        var (units, currency) = StripeAmounts.FromStripe(dispute.Amount, dispute.Currency);
        var state = dispute.Status switch
        {
            "lost" => DisputeState.Lost,
            "won" or "warning_closed" or "prevented" => DisputeState.Won,
            _ => DisputeState.Opened,
        };
        return new GatewayDispute(dispute.Id, dispute.ChargeId, units, currency, state, dispute.Reason, TimeOf(at));
    }

    /// <summary>A line of the account's balance; null for one that is no payment and no refund, and for a refund that came back.</summary>
    /// <remarks>
    /// The line itself is in the account's own currency, after exchange and in parts: what buyers paid and got back, the charge and the
    /// refund say.
    /// </remarks>
    public static GatewayMovement? MovementOf(BalanceTransaction line) =>
        (line.Type, line.Source) switch
        {
            ("charge" or "payment", StripeCharge charge) => Movement(
                MovementKind.Capture,
                charge.Id,
                charge.PaymentIntentId,
                IdIn(charge.Metadata, PaymentKey),
                StripeAmounts.FromStripe(charge.AmountCaptured, charge.Currency),
                line
            ),
            ("refund" or "payment_refund", StripeRefund { Status: not ("failed" or "canceled") } refund) => Movement(
                MovementKind.Refund,
                refund.Id,
                refund.PaymentIntentId,
                IdIn(refund.Metadata, PaymentKey),
                StripeAmounts.FromStripe(refund.Amount, refund.Currency),
                line
            ),
            _ => null,
        };

    /// <remarks>Stripe's times are UTC.</remarks>
    public static DateTimeOffset TimeOf(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static GatewayMovement Movement(
        MovementKind kind,
        string id,
        string? intentId,
        Guid? paymentId,
        (long Units, string Currency) money,
        BalanceTransaction line
    ) => new(kind, id, intentId, paymentId, money.Units, money.Currency, TimeOf(line.Created));
}
