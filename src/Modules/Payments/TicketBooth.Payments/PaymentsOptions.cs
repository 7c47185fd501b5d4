using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments;

/// <summary>Section <c>Payments</c>. <c>GatewaySetting</c> reads <c>Payments:Gateways</c>.</summary>
internal sealed class PaymentsOptions
{
    /// <summary>How often the gateway may answer that it cannot do a refund before a person must.</summary>
    [Range(1, 100)]
    public int RefundTries { get; set; } = 8;

    /// <summary>
    /// The <c>whsec_</c> secret that the sandbox signs its webhooks with. While it is being changed: several, separated by a space.
    /// </summary>
    public string? WebhookSecret { get; set; }
}
