using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>Section <c>Payments:Pix</c>. What must be there while Pix is on, <see cref="PixSettings"/> checks.</summary>
internal sealed class PixOptions
{
    public const string Section = "Payments:Pix";

    /// <summary>The base of the payment provider's API, for example <c>https://api.provider.example/pix/v2</c>.</summary>
    public Uri? ApiBase { get; set; }

    /// <summary>Where the provider gives out tokens (OAuth 2, client credentials).</summary>
    public Uri? TokenUrl { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>The file of the client certificate that the provider issued: PKCS #12 with its key, or PEM.</summary>
    public string? Certificate { get; set; }

    /// <summary>The password of the PKCS #12 file, or of the PEM key.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>With a PEM certificate: the PEM file of its key. Not set: the key is in the same file.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>A PEM file of the only authorities whose servers are trusted; not set: those that the system trusts.</summary>
    public string? TrustedAuthority { get; set; }

    /// <summary>Whose account the money goes to.</summary>
    [RegularExpression(PixKeys.Pattern, ErrorMessage = PixKeys.Hint)]
    public string? Key { get; set; }

    /// <summary>
    /// Where the provider reaches <c>/api/v1/webhooks/pix</c> of this server: <c>https://tickets.example/api/v1/webhooks/pix</c>.
    /// </summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>
    /// What the address of the webhook ends with, so that nobody else finds it: at least 32 letters and digits, <c>-</c> and <c>_</c>.
    /// While it is being changed: several, separated by a space; the first is registered, all are taken.
    /// </summary>
    public string? WebhookSecret { get; set; }

    /// <summary>What a bank's app shows to the payer besides payee and amount.</summary>
    [StringLength(140, ErrorMessage = "has at most 140 letters.")]
    public string? RequestToPayer { get; set; }

    /// <summary>How long an answer of the provider is waited for.</summary>
    [Range(1, 60)]
    public double TimeoutSeconds { get; set; } = 10;

    public IReadOnlyList<string> WebhookSecrets =>
        WebhookSecret?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The address that is registered at the provider.</summary>
    public string RegisteredUrl => $"{WebhookUrl!.AbsoluteUri.TrimEnd('/')}/{WebhookSecrets[0]}";
}
