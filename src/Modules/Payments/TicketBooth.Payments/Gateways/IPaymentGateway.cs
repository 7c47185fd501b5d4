using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Gateways;

/// <summary>
/// The payment gateway: the edge of our process. Its failures come back as answers, because "refused", "not reached" and "unknown" have
/// different consequences; an exception is a bug.
/// </summary>
internal interface IPaymentGateway
{
    /// <summary>The currencies that it takes payments in, ISO 4217; null for all.</summary>
    IReadOnlyList<string>? Currencies { get; }

    /// <summary>Starts a charge. Repeated for the same payment it gives the same answer and charges nothing again.</summary>
    Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken);

    /// <summary>The state of a charge.</summary>
    Task<ChargeStanding> GetAsync(Guid paymentId, CancellationToken cancellationToken);

    /// <summary>Refunds a captured charge in full; repeated, it refunds nothing twice.</summary>
    Task<RefundAnswer> RefundAsync(Guid paymentId, CancellationToken cancellationToken);
}

/// <summary>What the gateway is asked to charge.</summary>
/// <param name="PaymentId">Also the idempotency key.</param>
/// <param name="Amount">Cents.</param>
/// <param name="ExpiresAt">When the hold of the tickets ends.</param>
internal sealed record Charge(Guid PaymentId, long Amount, string Currency, PaymentMethod Method, string? Token, DateTimeOffset ExpiresAt);

internal abstract record ChargeAnswer
{
    private ChargeAnswer() { }

    /// <summary>The gateway accepted the charge; the outcome comes by webhook.</summary>
    public sealed record Taken(string ExternalId, string? PixCode) : ChargeAnswer;

    /// <summary>The gateway refuses the charge as it is: the buyer must pay in another way.</summary>
    public sealed record Refused(Error Error) : ChargeAnswer;

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

    /// <param name="State">As of now.</param>
    /// <param name="Amount">Cents.</param>
    /// <param name="PixCode">Of a payment by Pix.</param>
    public sealed record Known(ChargeState State, string ExternalId, long Amount, string Currency, string? PixCode = null) : ChargeStanding;
}

internal enum ChargeState
{
    Pending,
    Captured,
    Declined,
    Refunded,
}

internal enum RefundAnswer
{
    /// <summary>The money is on its way back, now or since an earlier call.</summary>
    Refunded,

    /// <summary>Accepted; the webhook <c>payment.refunded</c> reports when it is done.</summary>
    Accepted,

    /// <summary>There is no captured charge to refund.</summary>
    NotCaptured,

    /// <summary>The gateway could not be reached, or its outcome is unknown.</summary>
    Unreachable,
}
