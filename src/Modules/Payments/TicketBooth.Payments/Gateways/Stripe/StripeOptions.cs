using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Section <c>Payments:Stripe</c>. <see cref="StripeSettings"/> checks what depends on the environment.</summary>
internal sealed class StripeOptions
{
    /// <summary><c>sk_…</c> or, better, a restricted key <c>rk_…</c>. One with <c>_live_</c> moves real money.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The webhook endpoint's <c>whsec_…</c>. While it is being changed: several, separated by a space.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Where 3-D Secure sends the buyer back; <c>{orderId}</c> becomes the order's id.</summary>
    public string? ReturnUrl { get; set; }

    /// <summary>What the card's holder reads on the statement after the account's own prefix; null for the prefix alone.</summary>
    public string? StatementDescriptorSuffix { get; set; }

    /// <summary>Another address than Stripe's own, for stand-ins. Never with a live key.</summary>
    public Uri? ApiBase { get; set; }

    /// <summary>The currencies that the account takes, ISO 4217, separated by commas; null for all that Stripe knows.</summary>
    public string? Currencies { get; set; }

    /// <summary>How long an answer of Stripe's is waited for.</summary>
    /// <remarks>A lost answer is asked for once more, and both must be sent within the longest attempt to pay.</remarks>
    [Range(1, 25)]
    public double TimeoutSeconds { get; set; } = 20;

    public bool IsLive => SecretKey?.Contains("_live_", StringComparison.Ordinal) == true;

    public IReadOnlyList<string> WebhookSecrets =>
        WebhookSecret?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<string> AcceptedCurrencies =>
        Currencies?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? StripeAmounts.Supported;

    public string ReturnUrlOf(Guid orderId) =>
        ReturnUrl!.Replace("{orderId}", orderId.ToString("D"), StringComparison.Ordinal);
}
