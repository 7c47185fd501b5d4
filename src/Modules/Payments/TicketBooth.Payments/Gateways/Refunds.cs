namespace TicketBooth.Payments.Gateways;

/// <summary>What a gateway is asked to give back.</summary>
/// <param name="RefundId">Also the idempotency key.</param>
/// <param name="CaptureId">The capture that it is a part of, or all of.</param>
/// <param name="Reason">A stable code.</param>
internal sealed record RefundAsk(Guid RefundId, PaymentReference Payment, string CaptureId, long Amount, string Currency, string Reason);

internal abstract record RefundAnswer
{
    private RefundAnswer() { }

    /// <summary>The money is on its way back, now or since an earlier call.</summary>
    /// <param name="ExternalId">The gateway's own id of the refund.</param>
    public sealed record Settled(string ExternalId) : RefundAnswer;

    /// <summary>Accepted; a webhook reports when it is done or refused.</summary>
    /// <param name="ExternalId">The gateway's own id of the refund.</param>
    public sealed record Asked(string ExternalId) : RefundAnswer;

    /// <summary>The gateway refuses it for good.</summary>
    /// <param name="Reason">The gateway's word.</param>
    public sealed record Refused(string Reason) : RefundAnswer;

    /// <summary>There is no such capture, or not yet.</summary>
    public sealed record NotCaptured : RefundAnswer;

    /// <summary>The gateway could not be reached, or its outcome is unknown.</summary>
    public sealed record Unreachable : RefundAnswer;
}

/// <summary>Money that a gateway took or gave back, as it lists it.</summary>
/// <param name="Id">The gateway's, of the capture or the refund.</param>
/// <param name="ExternalId">The gateway's, of the charge.</param>
/// <param name="PaymentId">Ours; null when the gateway knows none.</param>
internal sealed record GatewayMovement(
    MovementKind Kind,
    string Id,
    string? ExternalId,
    Guid? PaymentId,
    long Amount,
    string Currency,
    DateTimeOffset At
)
{
    /// <summary>A refund that nobody asked us for: the buyer's bank took the money back. Here it is a dispute that is lost.</summary>
    public bool IsTakenBack { get; init; }
}

internal enum MovementKind
{
    Capture,
    Refund,
}

/// <summary>A gateway did not answer while it listed. A list cannot say so in another way: half of it would look like all.</summary>
internal sealed class GatewayUnreachableException(string gateway) : Exception($"{gateway} could not be reached.");
