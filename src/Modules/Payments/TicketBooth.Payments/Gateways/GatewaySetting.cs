using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Gateways;

/// <summary>Which gateways <c>Payments:Gateway</c> may name; depends on the environment, so an annotation cannot say it.</summary>
internal sealed class GatewaySetting(IHostEnvironment environment) : IValidateOptions<PaymentsOptions>
{
    private const string Supported = "Supported: Sandbox (development and tests; refused in Production).";

    public ValidateOptionsResult Validate(string? name, PaymentsOptions options) =>
        FailureOf(options.Gateway) is { } failure
            ? ValidateOptionsResult.Fail("Payments:Gateway: " + failure)
            : ValidateOptionsResult.Success;

    private string? FailureOf(string? gateway) =>
        gateway switch
        {
            null or "" => environment.IsProduction() ? "is missing, and in Production there is no default. " + Supported : null,
            PaymentsOptions.Sandbox => environment.IsProduction()
                ? "Sandbox moves no money and is refused in Production. " + Supported
                : null,
            _ => $"there is no gateway '{gateway}'. " + Supported,
        };
}
