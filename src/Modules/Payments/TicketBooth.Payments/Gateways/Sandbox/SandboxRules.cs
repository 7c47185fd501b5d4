using System.Buffers.Text;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>How a charge of the sandbox changes. Pure.</summary>
internal static class SandboxRules
{
    public const string NotPossible = "refund-not-possible";
    public const string MoreThanLeft = "more-than-left";

    private static readonly IReadOnlyList<SandboxWebhook> Nothing = [];

    /// <summary>An id of the sandbox's, short because every payment has two.</summary>
    public static string NewId(string prefix, DateTimeOffset now) =>
        prefix + Base64Url.EncodeToString(Guid.CreateVersion7(now).ToByteArray());

    public static (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks) Refund(
        SandboxCharge charge,
        RefundAsk ask,
        DateTimeOffset now
    )
    {
        if (RefusalOf(charge, ask, now) is not null || charge.Refunds.Any(refund => refund.RefundId == ask.RefundId))
        {
            return (charge, Nothing);
        }

        var id = ask.RefundId.ToString("N");
        var webhook = new SandboxWebhook(
            NewId("msg_", now),
            WebhookTypes.Refunded,
            now,
            new SandboxDetail(ask.Amount, ask.CaptureId, ask.RefundId, id)
        );
        var isAllUnderItsId = ask.RefundId == charge.PaymentId && ask.CaptureId == charge.ExternalId && ask.Amount == charge.Amount;
        return (
            isAllUnderItsId
                ? charge with
                {
                    RefundedAt = now,
                }
                : With(
                    charge,
                    new(id, ask.RefundId, ask.CaptureId, ask.Amount, ask.Currency, GatewayRefundState.Settled, Reason: null, now)
                ),
            [webhook]
        );
    }

    public static RefundAnswer AnswerTo(SandboxCharge? charge, RefundAsk ask, DateTimeOffset now) =>
        charge is null ? new RefundAnswer.NotCaptured()
        : charge.Refunds.FirstOrDefault(refund => refund.RefundId == ask.RefundId) is { } done ? new RefundAnswer.Settled(done.Id)
        : RefusalOf(charge, ask, now) ?? new RefundAnswer.NotCaptured();

    /// <summary>As somebody does it in the gateway's own console: we did not ask for it.</summary>
    public static (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks) ReturnFromConsole(
        SandboxCharge charge,
        long amount,
        DateTimeOffset now
    )
    {
        var id = NewId("sbr_", now);
        return (
            With(charge, new(id, null, charge.ExternalId, amount, charge.Currency, GatewayRefundState.Settled, Reason: null, now)),
            [new(NewId("msg_", now), WebhookTypes.Refunded, now, new SandboxDetail(amount, charge.ExternalId, RefundExternalId: id))]
        );
    }

    /// <summary>The buyer takes the step that the charge waits for.</summary>
    public static (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks) TakeStep(SandboxCharge charge, DateTimeOffset now) =>
        charge is { More.AwaitsStep: true, Outcome: null }
            ? (
                charge with
                {
                    Outcome = SandboxState.Captured,
                    SettlesAt = now,
                    More = null,
                },
                [new(NewId("msg_", now), WebhookTypes.Confirmed, now)]
            )
            : (charge, Nothing);

    /// <remarks>
    /// The webhook that tells of it comes as with a real gateway. A code by Pix is not paid after it. A card's money that comes late is on
    /// its way already, and nothing stops it.
    /// </remarks>
    public static (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks) Cancel(SandboxCharge charge, DateTimeOffset now) =>
        charge.StateAt(now) == SandboxState.Pending && !charge.IsOnItsWay
            ? (charge with { Outcome = SandboxState.Canceled, SettlesAt = now }, [new(NewId("msg_", now), WebhookTypes.Canceled, now)])
            : (charge, Nothing);

    private static SandboxCharge With(SandboxCharge charge, GatewayRefund refund) =>
        charge with
        {
            More = charge.Rest with { Refunds = [.. charge.Rest.Refunds, refund] },
        };

    private static RefundAnswer? RefusalOf(SandboxCharge charge, RefundAsk ask, DateTimeOffset now)
    {
        if (charge.CapturesAt(now).FirstOrDefault(one => one.Id == ask.CaptureId) is not { } capture)
        {
            return new RefundAnswer.NotCaptured();
        }

        var left = capture.Amount - charge.Refunds.Where(refund => refund.CaptureId == capture.Id).Sum(refund => refund.Amount);
        return charge.Rest.RefusesRefunds ? new RefundAnswer.Refused(NotPossible)
            : ask.Amount > left ? new RefundAnswer.Refused(MoreThanLeft)
            : null;
    }
}
