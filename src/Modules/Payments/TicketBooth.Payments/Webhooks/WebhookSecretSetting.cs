using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Webhooks;

/// <summary>Whether <c>Payments:WebhookSecret</c> holds usable secrets. The message never shows one.</summary>
internal sealed class WebhookSecretSetting : IValidateOptions<PaymentsOptions>
{
    public ValidateOptionsResult Validate(string? name, PaymentsOptions options) =>
        WebhookSignatures.Parse(options.WebhookSecret).Error is { } error
            ? ValidateOptionsResult.Fail("Payments:WebhookSecret: " + error.Detail)
            : ValidateOptionsResult.Success;
}
