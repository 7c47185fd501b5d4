using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>Section <c>Payments:Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    /// <summary>Where the sandbox sends its webhooks; not set: to this server.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>How long after the end of the hold <c>tok_late</c> confirms.</summary>
    [Range(0, 86_400)]
    public double LateSeconds { get; set; } = 2;

    /// <summary>How long a Pix payer takes.</summary>
    [Range(0, 86_400)]
    public double PixSeconds { get; set; } = 2;
}
