using Microsoft.Extensions.Options;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways;

/// <summary>The gateways that <c>Payments:Gateways</c> names, and which of them serves what.</summary>
internal sealed class PaymentGateways
{
    public const string Setting = "Payments:Gateways";

    private readonly Dictionary<PaymentMethod, IPaymentGateway> byMethod = [];
    private readonly Dictionary<string, IPaymentGateway> byName = new(StringComparer.Ordinal);

    public PaymentGateways(IEnumerable<IPaymentGateway> gateways)
    {
        All = [.. gateways];
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

    /// <summary>Asks every gateway something harmless. A wrong key stops the start with the setting's name.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var failures = await Task.WhenAll(All.Select(gateway => gateway.CheckAsync(cancellationToken)));
        if (failures.OfType<string>().ToArray() is { Length: > 0 } wrong)
        {
            throw Wrong(wrong);
        }
    }

    private static OptionsValidationException Wrong(params string[] failures) => new(Setting, typeof(PaymentsOptions), failures);
}
