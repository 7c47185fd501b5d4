using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>
/// The latest payment of an order. Everything beside its id and status is there only where one order is shown, while it is awaiting payment
/// and Payments could be asked.
/// </summary>
public sealed record OrderPaymentView(Guid Id, OrderPaymentStatus Status)
{
    /// <summary>How the buyer pays: <c>card</c> or <c>pix</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    /// <summary>Only while a payment by Pix is waited for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderPixView? Pix { get; init; }

    /// <summary>What the buyer must do before the gateway goes on. Only the buyer sees it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderNextActionView? NextAction { get; init; }

    /// <summary>Of this attempt or an earlier one of the order; not of one that the buyer gave up for another.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderDeclineView? LastDecline { get; init; }

    /// <summary>How many more attempts may be declined before the next one is refused with <c>too-many-attempts</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AttemptsLeft { get; init; }
}

/// <summary>What the buyer pays with in their bank's app.</summary>
/// <param name="Code">Pix "copia e cola" text.</param>
/// <param name="QrUrl">Where the same is as a QR code, an SVG picture.</param>
/// <param name="ExpiresAt">Until when it is to be paid.</param>
public sealed record OrderPixView(string Code, string QrUrl, DateTimeOffset ExpiresAt);

/// <summary>A step that the buyer must take.</summary>
/// <param name="Type">The gateway's word: <c>redirect</c>, <c>use_stripe_sdk</c>.</param>
/// <param name="Url">Where the buyer's browser goes.</param>
/// <param name="ClientSecret">What the gateway's browser library wants.</param>
public sealed record OrderNextActionView(string Type, string? Url, string? ClientSecret);

/// <summary>Why an attempt was declined.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Words">For the buyer, in English or, where the request's <c>Accept-Language</c> prefers it, in Portuguese.</param>
public sealed record OrderDeclineView(string Code, string Words, DateTimeOffset At);

/// <summary>
/// Starts a payment: checks owner, status and hold, marks the payment as under way and extends the hold by the time that the gateway needs.
/// Repeating it with the same payment changes nothing. Fails with <c>order-not-found</c>, <c>order-expired</c>, <c>order-already-paid</c>,
/// <c>order-canceled</c>, <c>payment-in-progress</c> or <c>busy</c>.
/// </summary>
/// <param name="InsteadOf">
/// A payment that Payments has ended: when it is the one that the order has under way, the new one takes its place. Null for none.
/// </param>
public sealed record BeginPayment(Guid OrderId, Guid BuyerId, Guid PaymentId, Guid? InsteadOf = null) : IRequest<Result<PaymentTerms>>;

/// <summary>What is to be paid, and until when the tickets are held for it.</summary>
/// <param name="Amount">Cents.</param>
public sealed record PaymentTerms(Guid OrderId, long Amount, string Currency, DateTimeOffset HoldExpiresAt);
