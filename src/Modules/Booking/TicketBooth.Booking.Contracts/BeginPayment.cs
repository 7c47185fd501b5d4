using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

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
