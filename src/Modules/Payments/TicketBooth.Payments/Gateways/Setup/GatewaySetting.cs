using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Payments.Gateways.Pix;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Gateways.Stripe;

namespace TicketBooth.Payments.Gateways.Setup;

/// <summary>Which gateways <c>Payments:Gateways</c> names; depends on the environment, so an annotation cannot check it.</summary>
internal sealed class GatewaySetting(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<PaymentsOptions>
{
    /// <summary>The gateways that there are, each with what adds it to the services.</summary>
    public static readonly IReadOnlyDictionary<string, Action<IServiceCollection, IConfiguration>> Known = new Dictionary<
        string,
        Action<IServiceCollection, IConfiguration>
    >(StringComparer.Ordinal)
    {
        [SandboxGateway.GatewayName] = SandboxRegistration.AddSandbox,
        [StripeGateway.GatewayName] = StripeRegistration.AddStripe,
        [PixGateway.GatewayName] = PixRegistration.AddPix,
    };

    private static string Supported =>
        $"Supported: {string.Join(", ", Known.Keys)} (the sandbox moves no money and is refused in Production).";

    /// <summary>The names in the setting, separated by commas or as a list; none when it is not set.</summary>
    public static IReadOnlyList<string> Names(IConfiguration configuration)
    {
        var section = configuration.GetSection(PaymentGateways.Setting);
        return section.Value is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetChildren().Select(child => child.Value ?? "")];
    }

    /// <summary>
    /// Adds the gateways that the setting names; the sandbox when it names none. What must not be, <see cref="Validate"/> refuses before
    /// anything starts.
    /// </summary>
    public static void AddGateways(IServiceCollection services, IConfiguration configuration)
    {
        var names = Names(configuration);
        foreach (var name in names.Count == 0 ? [SandboxGateway.GatewayName] : names.Distinct(StringComparer.Ordinal))
        {
            if (Known.TryGetValue(name, out var add))
            {
                add(services, configuration);
            }
        }
    }

    public ValidateOptionsResult Validate(string? name, PaymentsOptions options) =>
        FailureOf(Names(configuration)) is { } failure
            ? ValidateOptionsResult.Fail($"{PaymentGateways.Setting}: {failure}")
            : ValidateOptionsResult.Success;

    private string? FailureOf(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return environment.IsProduction() ? "is missing, and in Production there is no default. " + Supported : null;
        }

        if (names.FirstOrDefault(name => !Known.ContainsKey(name)) is { } unknown)
        {
            return $"there is no gateway '{unknown}'. " + Supported;
        }

        return environment.IsProduction() && names.Contains(SandboxGateway.GatewayName, StringComparer.Ordinal)
            ? "Sandbox moves no money and is refused in Production. " + Supported
            : null;
    }
}
