namespace TicketBooth.Payments.Gateways;

/// <summary>
/// A gateway, measured. Outcomes: <c>answered</c>, <c>refused</c> when it says no to the payment or refund, <c>unreachable</c> when nothing
/// came of it or nobody knows what, and <c>unanswered</c> when nobody waited for its answer.
/// </summary>
internal sealed class MeasuredGateway(IPaymentGateway gateway, GatewayMetrics metrics) : IPaymentGateway
{
    private const string Answered = "answered";
    private const string Refused = "refused";
    private const string Unreachable = "unreachable";

    public string Name => gateway.Name;

    public GatewayAbilities Abilities => gateway.Abilities;

    public Task<GatewayCheck> CheckAsync(CancellationToken cancellationToken) =>
        MeasureAsync(
            "check",
            gateway.CheckAsync(cancellationToken),
            check =>
                check switch
                {
                    GatewayCheck.Right => Answered,
                    GatewayCheck.Wrong => Refused,
                    _ => Unreachable,
                }
        );

    public Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken) =>
        MeasureAsync(
            "charge",
            gateway.CreateAsync(charge, cancellationToken),
            answer =>
                answer switch
                {
                    ChargeAnswer.Taken => Answered,
                    ChargeAnswer.Refused => Refused,
                    _ => Unreachable,
                }
        );

    public Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        MeasureAsync(
            "get",
            gateway.GetAsync(payment, cancellationToken),
            standing => standing is ChargeStanding.Unreachable ? Unreachable : Answered
        );

    public Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        MeasureAsync(
            "cancel",
            gateway.CancelAsync(payment, cancellationToken),
            answer => answer == CancelAnswer.Unreachable ? Unreachable : Answered
        );

    public Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken) =>
        MeasureAsync(
            "refund",
            gateway.RefundAsync(refund, cancellationToken),
            answer =>
                answer switch
                {
                    RefundAnswer.Unreachable => Unreachable,
                    RefundAnswer.Refused => Refused,
                    _ => Answered,
                }
        );

    /// <remarks>Not measured: its time is mostly that of whoever goes through the list.</remarks>
    public IAsyncEnumerable<GatewayMovement> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        gateway.ListAsync(from, to, cancellationToken);

    private Task<T> MeasureAsync<T>(string operation, Task<T> answer, Func<T, string> outcomeOf) =>
        metrics.MeasureAsync(Name, operation, answer, outcomeOf);
}
