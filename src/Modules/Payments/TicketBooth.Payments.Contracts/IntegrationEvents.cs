using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Contracts;

/// <summary>A buyer began to pay: the payment is about to be given to the gateway.</summary>
/// <param name="Amount">Cents; what the order asked for.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PaymentStarted(Guid PaymentId, Guid OrderId, PaymentMethod Method, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway captured the money of a payment. Emitted once, but delivered at least once.</summary>
/// <param name="Amount">Cents, checked to be what the order asked for.</param>
/// <param name="Currency">ISO 4217, checked as well.</param>
public sealed record PaymentConfirmed(Guid PaymentId, Guid OrderId, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway refused a payment, or never took it up. The order may be paid with another attempt while its hold lasts.</summary>
/// <param name="Reason">A stable code, for example <c>declined</c> or <c>gateway-unavailable</c>.</param>
public sealed record PaymentDeclined(Guid PaymentId, Guid OrderId, string Reason, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway paid a captured payment back.</summary>
/// <param name="Amount">Cents.</param>
public sealed record PaymentRefunded(Guid PaymentId, Guid OrderId, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;
