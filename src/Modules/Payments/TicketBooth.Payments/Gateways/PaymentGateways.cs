using Microsoft.Extensions.Options;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways;

/// <summary>The gateways that <c>Payments:Gateways</c> names, and which of them serves what.</summary>
internal sealed partial class PaymentGateways
{
    public const string Setting = "Payments:Gateways";

    /// <summary>How long a request waits for a gateway. What it began goes on without it.</summary>
    public static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(4);

    private readonly TimeProvider clock;
    private readonly ILogger<PaymentGateways> logger;
    private readonly Dictionary<PaymentMethod, IPaymentGateway> byMethod = [];
    private readonly Dictionary<string, IPaymentGateway> byName = new(StringComparer.Ordinal);

    public PaymentGateways(
        IEnumerable<IPaymentGateway> gateways,
        GatewayMetrics metrics,
        TimeProvider clock,
        ILogger<PaymentGateways> logger
    )
    {
        (this.clock, this.logger) = (clock, logger);
        All = [.. gateways.Select(gateway => new MeasuredGateway(gateway, metrics))];
        foreach (var gateway in All)
        {
            byName.TryAdd(gateway.Name, gateway);
            foreach (var method in gateway.Abilities.Methods)
            {
                if (!byMethod.TryAdd(method, gateway))
                {
                    throw Wrong($"{Setting}: {byMethod[method].Name} and {gateway.Name} both take payments by {method}; name one of them.");
                }
            }
        }
    }

    public IReadOnlyList<IPaymentGateway> All { get; }

    /// <summary>The gateway that takes payments by <paramref name="method"/>; null when none does.</summary>
    public IPaymentGateway? For(PaymentMethod method) => byMethod.GetValueOrDefault(method);

    /// <summary>The gateway of a payment; null when the settings name it no more.</summary>
    public IPaymentGateway? Named(string name) => byName.GetValueOrDefault(name);

    /// <summary>What the payment's own gateway says about it; nobody can be asked when the settings name it no more.</summary>
    public async Task<ChargeStanding> StandingOfAsync(Payment payment, CancellationToken cancellationToken) =>
        Named(payment.Gateway) is { } gateway
            ? await gateway.GetAsync(PaymentReference.Of(payment), cancellationToken)
            : new ChargeStanding.Unreachable();

    /// <summary>As <see cref="StandingOfAsync"/>, for a request: a gateway that does not answer in time is not reached.</summary>
    public Task<ChargeStanding> StandingOfSoonAsync(Payment payment, CancellationToken cancellationToken) =>
        SoonAsync(limited => StandingOfAsync(payment, limited), new ChargeStanding.Unreachable(), cancellationToken);

    /// <summary>Ends a charge for a request, which waits no longer than <see cref="RequestPatience"/>.</summary>
    public Task<CancelAnswer> CancelSoonAsync(IPaymentGateway gateway, Payment payment, CancellationToken cancellationToken) =>
        SoonAsync(limited => gateway.CancelAsync(PaymentReference.Of(payment), limited), CancelAnswer.Unreachable, cancellationToken);

    /// <summary>
    /// Asks every gateway something harmless. A wrong key stops the start with the setting's name. A gateway that does not answer stops
    /// nothing: a host that starts again meanwhile must sell by the others, and at the counter.
    /// </summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var checks = await Task.WhenAll(All.Select(gateway => gateway.CheckAsync(cancellationToken)));
        if (checks.OfType<GatewayCheck.Wrong>().Select(wrong => wrong.Text!).ToArray() is { Length: > 0 } failures)
        {
            throw Wrong(failures);
        }

        foreach (var silent in checks.OfType<GatewayCheck.Unreachable>())
        {
            LogStartsWithout(logger, silent.Text!);
        }
    }

    private async Task<T> SoonAsync<T>(Func<CancellationToken, Task<T>> ask, T silent, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(RequestPatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return silent;
        }
    }

    [LoggerMessage(
        EventId = 5046,
        Level = LogLevel.Error,
        Message = "Starting without a payment gateway, whose payments are answered 503 until it answers. {Reason}"
    )]
    private static partial void LogStartsWithout(ILogger logger, string reason);

    private static OptionsValidationException Wrong(params string[] failures) => new(Setting, typeof(PaymentsOptions), failures);
}
