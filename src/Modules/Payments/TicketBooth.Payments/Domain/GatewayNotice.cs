namespace TicketBooth.Payments.Domain;

/// <summary>
/// What a gateway reports about a payment, by webhook or when it is asked. All amounts are in the currency's smallest unit.
/// </summary>
/// <param name="Gateway">As <c>Payments:Gateways</c> names it.</param>
/// <param name="ExternalId">The gateway's own id of the charge.</param>
/// <param name="PaymentId">Ours, as the gateway repeats it; null when it names none.</param>
/// <param name="Fact">What happened.</param>
internal sealed record GatewayNotice(string Gateway, string ExternalId, Guid? PaymentId, GatewayFact Fact);

/// <summary>Something that a gateway reports.</summary>
internal abstract record GatewayFact
{
    private GatewayFact() { }

    /// <summary>It has money.</summary>
    public sealed record Captured(GatewayCapture Capture) : GatewayFact;

    /// <summary>It refused the charge.</summary>
    /// <param name="Reason">A stable code.</param>
    public sealed record Declined(string Reason) : GatewayFact;

    /// <summary>The charge was given up before any money was captured.</summary>
    public sealed record Canceled : GatewayFact;

    /// <summary>It goes on once the buyer has taken a step.</summary>
    public sealed record ActionRequired(NextAction NextAction) : GatewayFact;

    /// <summary>A refund began, was done or was refused, whoever asked for it.</summary>
    public sealed record Refund(GatewayRefund Money) : GatewayFact;

    /// <summary>The buyer's bank disputes a capture, or has decided.</summary>
    public sealed record Dispute(GatewayDispute Money) : GatewayFact;
}

/// <summary>Captured money.</summary>
/// <param name="Id">The gateway's; each id is money once.</param>
internal sealed record GatewayCapture(string Id, long Amount, string Currency, DateTimeOffset At);

/// <summary>Money that goes back to the buyer.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="RefundId">Ours; null when we did not ask for it.</param>
/// <param name="CaptureId">What is given back.</param>
/// <param name="Reason">Why the gateway refused it.</param>
internal sealed record GatewayRefund(
    string Id,
    Guid? RefundId,
    string CaptureId,
    long Amount,
    string Currency,
    GatewayRefundState State,
    string? Reason,
    DateTimeOffset At
);

/// <summary>Where a refund is.</summary>
internal enum GatewayRefundState
{
    /// <summary>The gateway works on it.</summary>
    Asked,

    /// <summary>The money has gone back.</summary>
    Settled,

    /// <summary>The money stays where it is.</summary>
    Refused,
}

/// <summary>A capture that the buyer's bank disputes.</summary>
/// <param name="Id">The gateway's.</param>
internal sealed record GatewayDispute(
    string Id,
    string CaptureId,
    long Amount,
    string Currency,
    DisputeState State,
    string? Reason,
    DateTimeOffset At
);

/// <summary>Where a dispute is.</summary>
internal enum DisputeState
{
    Opened,

    /// <summary>The money stays ours.</summary>
    Won,

    /// <summary>The money is gone.</summary>
    Lost,
}

/// <summary>A step that the buyer must take before the gateway goes on.</summary>
/// <param name="Type">The gateway's word: <c>redirect</c>, <c>use_stripe_sdk</c>.</param>
/// <param name="Url">Where the buyer's browser goes.</param>
/// <param name="ClientSecret">What the gateway's browser library wants.</param>
internal sealed record NextAction(string Type, string? Url, string? ClientSecret);
