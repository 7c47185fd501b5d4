using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Contracts;

/// <summary>A buyer began to pay: the payment is about to be sent to the gateway.</summary>
/// <param name="Amount">Cents; what the order asked for.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PaymentStarted(Guid PaymentId, Guid OrderId, PaymentMethod Method, long Amount, string Currency, DateTimeOffset At)
    : IIntegrationEvent;

/// <summary>The gateway captured the money of a payment. Published once, delivered at least once.</summary>
/// <param name="Amount">Cents; verified to be what the order asked for.</param>
/// <param name="Currency">ISO 4217; verified too.</param>
public sealed record PaymentConfirmed(Guid PaymentId, Guid OrderId, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway refused a payment, or never received it. The order may be paid by another attempt while its hold lasts.</summary>
/// <param name="Reason">A stable code, for example <c>declined</c> or <c>gateway-unavailable</c>.</param>
public sealed record PaymentDeclined(Guid PaymentId, Guid OrderId, string Reason, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway refunded a captured payment.</summary>
/// <param name="Amount">Cents.</param>
public sealed record PaymentRefunded(Guid PaymentId, Guid OrderId, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;
