using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways;

/// <summary>What a gateway is asked to charge.</summary>
/// <param name="PaymentId">Also the idempotency key.</param>
/// <param name="ExpiresAt">When the hold of the tickets ends.</param>
internal sealed record Charge(
    Guid PaymentId,
    Guid OrderId,
    long Amount,
    string Currency,
    PaymentMethod Method,
    string? Token,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>When we began it, for gateways that search by time. Not told: a day before, since no hold is longer.</summary>
    public DateTimeOffset CreatedAt { get; init; } = ExpiresAt.AddDays(-1);
}

internal abstract record ChargeAnswer
{
    private ChargeAnswer() { }

    /// <summary>The gateway accepted the charge; the outcome comes by webhook.</summary>
    /// <param name="PixCode">Of a payment by Pix.</param>
    /// <param name="NextAction">What the buyer must do first; null when nothing.</param>
    /// <param name="Capture">The money, when the gateway has it already.</param>
    public sealed record Taken(string ExternalId, string? PixCode, NextAction? NextAction = null, GatewayCapture? Capture = null)
        : ChargeAnswer;

    /// <summary>The gateway refuses the charge as it is: the buyer must pay in another way.</summary>
    /// <param name="Reason">A stable code that says more than the error's; null when there is no more to say.</param>
    public sealed record Refused(Error Error, string? Reason = null) : ChargeAnswer;

    /// <summary>The gateway certainly did not accept it: no connection, or an answer that says so.</summary>
    public sealed record NotTaken : ChargeAnswer;

    /// <summary>The gateway may have accepted it: the request was sent and no answer came.</summary>
    public sealed record Uncertain : ChargeAnswer;
}

internal abstract record ChargeStanding
{
    private ChargeStanding() { }

    /// <summary>The gateway answered that it has no such charge.</summary>
    public sealed record NotKnown : ChargeStanding;

    /// <summary>The gateway could not be queried.</summary>
    public sealed record Unreachable : ChargeStanding;

    /// <param name="State">As of now; <see cref="ChargeState.Captured"/> also when the money has gone back.</param>
    /// <param name="PixCode">Of a payment by Pix that waits.</param>
    /// <param name="NextAction">What the buyer must do.</param>
    /// <param name="DeclineReason">A stable code.</param>
    public sealed record Known(
        ChargeState State,
        string ExternalId,
        IReadOnlyList<GatewayCapture> Captures,
        IReadOnlyList<GatewayRefund> Refunds,
        string? PixCode = null,
        NextAction? NextAction = null,
        string? DeclineReason = null
    ) : ChargeStanding
    {
        /// <summary>What banks dispute; at Pix also what they took back.</summary>
        public IReadOnlyList<GatewayDispute> Disputes { get; init; } = [];
    }
}

internal enum ChargeState
{
    Pending,

    /// <summary>The buyer must take a step first.</summary>
    ActionRequired,
    Captured,
    Declined,
    Canceled,
}

/// <summary>What became of a wish to end a charge.</summary>
internal enum CancelAnswer
{
    /// <summary>It will capture nothing, now or since an earlier call.</summary>
    Canceled,

    /// <summary>It has the money.</summary>
    AlreadyCaptured,

    /// <summary>The gateway answered that it has no such charge.</summary>
    NotKnown,

    /// <summary>The gateway could not be reached, or its outcome is unknown.</summary>
    Unreachable,
}
