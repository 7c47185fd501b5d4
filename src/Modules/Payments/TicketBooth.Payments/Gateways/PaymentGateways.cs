using Microsoft.Extensions.Options;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways;

/// <summary>The gateways that <c>Payments:Gateways</c> names, and which of them serves what.</summary>
internal sealed class PaymentGateways
{
    public const string Setting = "Payments:Gateways";

    /// <summary>How long a request waits for a gateway. What it began goes on without it.</summary>
    public static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(4);

    private readonly TimeProvider clock;
    private readonly Dictionary<PaymentMethod, IPaymentGateway> byMethod = [];
    private readonly Dictionary<string, IPaymentGateway> byName = new(StringComparer.Ordinal);

    public PaymentGateways(IEnumerable<IPaymentGateway> gateways, GatewayMetrics metrics, TimeProvider clock)
    {
        this.clock = clock;
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

    /// <summary>Asks every gateway something harmless. A wrong key stops the start with the setting's name.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var failures = await Task.WhenAll(All.Select(gateway => gateway.CheckAsync(cancellationToken)));
        if (failures.OfType<string>().ToArray() is { Length: > 0 } wrong)
        {
            throw Wrong(wrong);
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

    private static OptionsValidationException Wrong(params string[] failures) => new(Setting, typeof(PaymentsOptions), failures);
}
