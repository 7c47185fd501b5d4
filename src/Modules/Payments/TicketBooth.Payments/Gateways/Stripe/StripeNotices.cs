using Stripe;
using TicketBooth.Payments.Domain;
using StripeDispute = Stripe.Dispute;
using StripeRefund = Stripe.Refund;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>What Stripe's events tell.</summary>
internal static class StripeNotices
{
    /// <summary>The events that we read. Those of them that tell nothing new have no notice.</summary>
    public static readonly IReadOnlySet<string> Types = new HashSet<string>(StringComparer.Ordinal)
    {
        EventTypes.PaymentIntentSucceeded,
        EventTypes.PaymentIntentPaymentFailed,
        EventTypes.PaymentIntentCanceled,
        EventTypes.PaymentIntentRequiresAction,
        EventTypes.PaymentIntentProcessing,
        EventTypes.ChargeRefunded,
        EventTypes.ChargeRefundUpdated,
        EventTypes.RefundCreated,
        EventTypes.RefundUpdated,
        EventTypes.RefundFailed,
        EventTypes.ChargeDisputeCreated,
        EventTypes.ChargeDisputeUpdated,
        EventTypes.ChargeDisputeFundsWithdrawn,
        EventTypes.ChargeDisputeFundsReinstated,
        EventTypes.ChargeDisputeClosed,
    };

    /// <summary>
    /// Null when the event tells nothing that others do not: a payment is under way, or a charge was refunded, whose refund has events
    /// of its own.
    /// </summary>
    public static GatewayNotice? Of(Event told) =>
        told.Data.Object switch
        {
            PaymentIntent intent => OfIntent(told, intent) is { } fact
                ? new GatewayNotice(StripeGateway.GatewayName, intent.Id, StripeMoneyMoved.PaymentOf(intent), fact)
                : null,
            StripeRefund refund => new GatewayNotice(
                StripeGateway.GatewayName,
                refund.PaymentIntentId ?? refund.ChargeId,
                StripeMoneyMoved.IdIn(refund.Metadata, StripeMoneyMoved.PaymentKey),
                new GatewayFact.Refund(StripeMoneyMoved.RefundOf(refund))
            ),
            StripeDispute dispute => new GatewayNotice(
                StripeGateway.GatewayName,
                dispute.PaymentIntentId ?? dispute.ChargeId,
                PaymentId: null,
                new GatewayFact.Dispute(StripeMoneyMoved.DisputeOf(dispute, told.Created))
            ),
            _ => null,
        };

    private static GatewayFact? OfIntent(Event told, PaymentIntent intent) =>
        told.Type switch
        {
            EventTypes.PaymentIntentSucceeded when StripeMoneyMoved.CaptureOf(intent, told.Created) is { } capture =>
                new GatewayFact.Captured(capture),
            EventTypes.PaymentIntentPaymentFailed => new GatewayFact.Declined(StripeDeclines.ReasonOf(intent.LastPaymentError)),
            EventTypes.PaymentIntentCanceled => new GatewayFact.Canceled(),
            EventTypes.PaymentIntentRequiresAction when StripeMoneyMoved.ActionOf(intent) is { } action =>
                new GatewayFact.ActionRequired(action),
            _ => null,
        };
}
