using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways;

/// <summary>
/// A payment gateway: the edge of our process. Its failures come back as answers, because "refused", "not reached" and "unknown" have
/// different consequences; an exception is a bug. All amounts are in the currency's smallest unit.
/// </summary>
internal interface IPaymentGateway
{
    /// <summary>As <c>Payments:Gateways</c> names it; stored with each payment.</summary>
    string Name { get; }

    /// <summary>What it can do. Never changes while the host runs.</summary>
    GatewayAbilities Abilities { get; }

    /// <summary>Asks the gateway something harmless with the keys of the settings.</summary>
    Task<GatewayCheck> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Starts a charge. Repeated for the same payment it gives the same answer and charges nothing again.</summary>
    Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken);

    /// <summary>The state of a charge, with all money that it took and gave back.</summary>
    Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken);

    /// <summary>Ends a charge that has captured nothing.</summary>
    Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken);

    /// <summary>Gives captured money back. Repeated with the same <see cref="RefundAsk.RefundId"/> it gives nothing back twice.</summary>
    Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken);

    /// <summary>What it took and gave back in a time: <paramref name="from"/> &lt;= at &lt; <paramref name="to"/>.</summary>
    /// <exception cref="GatewayUnreachableException">The gateway could not be asked to the end: the list so far is not all.</exception>
    IAsyncEnumerable<GatewayMovement> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}

/// <summary>What a gateway can do.</summary>
/// <param name="Methods">What buyers can pay with through it.</param>
internal sealed record GatewayAbilities(IReadOnlyList<PaymentMethod> Methods)
{
    /// <summary>The currencies that it takes payments in, ISO 4217; null for all.</summary>
    public IReadOnlyList<string>? Currencies { get; init; }

    /// <summary>It can give back a part of a capture.</summary>
    public bool PartialRefunds { get; init; }

    /// <summary>It reports a capture later than it answers.</summary>
    public bool AsynchronousCapture { get; init; }

    /// <summary>It may answer <see cref="RefundAnswer.Asked"/> and report the outcome later.</summary>
    public bool AsynchronousRefunds { get; init; }

    /// <summary>It can end a charge that has captured nothing.</summary>
    public bool CancelsAttempts { get; init; }

    /// <summary>Whether it takes payments in a currency.</summary>
    public bool Takes(string currency) => Currencies is null || Currencies.Contains(currency, StringComparer.Ordinal);

    /// <summary>It reports disputes.</summary>
    public bool Disputes { get; init; }

    /// <summary>It can list what it took and gave back.</summary>
    public bool ListsMovements { get; init; }
}

/// <summary>A payment, as a gateway finds it.</summary>
/// <param name="ExternalId">The gateway's own id; null when we never learned it: the gateway finds the charge by our id.</param>
/// <param name="CreatedAt">When we began it; for gateways that search by time.</param>
internal sealed record PaymentReference(Guid PaymentId, string? ExternalId, DateTimeOffset CreatedAt)
{
    public static PaymentReference Of(Payment payment) => new(payment.Id, payment.ExternalId, payment.CreatedAt);
}
