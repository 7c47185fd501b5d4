using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments;

/// <summary>Section <c>Payments</c>.</summary>
internal sealed class PaymentsOptions
{
    public const string Sandbox = "Sandbox";

    /// <summary>Which gateway takes the payments. Not set: the sandbox, but never in Production.</summary>
    public string? Gateway { get; set; }

    /// <summary>The <c>whsec_</c> secret that the gateway signs its webhooks with; several, separated by a space, while it is being changed.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>What the annotations cannot say: depends on the environment, or on the form of a secret. The messages never show a secret.</summary>
    internal sealed class Validator(IHostEnvironment environment) : IValidateOptions<PaymentsOptions>
    {
        private const string Supported = "Supported: Sandbox (development and tests; refused in Production).";

        public ValidateOptionsResult Validate(string? name, PaymentsOptions options)
        {
            var failures = new List<string>();
            if (GatewayFailure(options) is { } gateway)
            {
                failures.Add("Payments:Gateway: " + gateway);
            }

            if (WebhookSignatures.Parse(options.WebhookSecret).Error is { } secret)
            {
                failures.Add("Payments:WebhookSecret: " + secret.Detail);
            }

            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        private string? GatewayFailure(PaymentsOptions options) =>
            options.Gateway switch
            {
                null or "" => environment.IsProduction() ? "is missing, and in Production there is no default. " + Supported : null,
                Sandbox => environment.IsProduction() ? "Sandbox moves no money and is refused in Production. " + Supported : null,
                var other => $"there is no gateway '{other}'. " + Supported,
            };
    }
}

/// <summary>Section <c>Payments:Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    /// <summary>Where the sandbox calls back; not set: this server's own webhook.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>How long after the hold's end <c>tok_late</c> confirms.</summary>
    [Range(0, 86_400)]
    public double LateSeconds { get; set; } = 2;

    /// <summary>How long a Pix payer takes.</summary>
    [Range(0, 86_400)]
    public double PixSeconds { get; set; } = 2;
}
