using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Gateways;

/// <summary>
/// The payment gateway: the edge of our process. Its failures come back as answers, because "refused", "not reached" and "nobody knows"
/// lead to different ends; what it throws is a bug.
/// </summary>
internal interface IPaymentGateway
{
    /// <summary>Starts a charge. The same payment asked for again gets the same answer and is not charged again.</summary>
    Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken);

    /// <summary>How a charge stands.</summary>
    Task<ChargeStanding> GetAsync(Guid paymentId, CancellationToken cancellationToken);

    /// <summary>Gives a captured charge back whole; asking again gives nothing back twice.</summary>
    Task<RefundAnswer> RefundAsync(Guid paymentId, CancellationToken cancellationToken);
}

/// <param name="PaymentId">Also the idempotency key.</param>
/// <param name="Amount">Cents.</param>
/// <param name="ExpiresAt">When the hold ends that the money is for.</param>
internal sealed record Charge(Guid PaymentId, long Amount, string Currency, PaymentMethod Method, string? Token, DateTimeOffset ExpiresAt);

internal abstract record ChargeAnswer
{
    private ChargeAnswer() { }

    /// <summary>The gateway has it; the outcome comes by webhook.</summary>
    public sealed record Taken(string ExternalId, string? PixCode) : ChargeAnswer;

    /// <summary>The gateway will not take it as it is: the buyer must pay otherwise.</summary>
    public sealed record Refused(Error Error) : ChargeAnswer;

    /// <summary>It certainly did not take it: no connection, or an answer that says so.</summary>
    public sealed record NotTaken : ChargeAnswer;

    /// <summary>It may have taken it: the request went out and no answer came back.</summary>
    public sealed record Uncertain : ChargeAnswer;
}

internal abstract record ChargeStanding
{
    private ChargeStanding() { }

    /// <summary>The gateway was asked and has no such charge.</summary>
    public sealed record NotKnown : ChargeStanding;

    /// <summary>The gateway could not be asked.</summary>
    public sealed record Unreachable : ChargeStanding;

    /// <param name="State">As of now.</param>
    /// <param name="Amount">Cents.</param>
    public sealed record Known(ChargeState State, string ExternalId, long Amount, string Currency) : ChargeStanding;
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

    /// <summary>Taken up; <c>payment.refunded</c> will say when it is done.</summary>
    Accepted,

    /// <summary>There is no captured charge to give back.</summary>
    NotCaptured,

    /// <summary>The gateway could not be asked, or nobody knows what it did.</summary>
    Unreachable,
}
