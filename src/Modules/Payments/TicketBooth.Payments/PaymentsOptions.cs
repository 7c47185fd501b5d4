using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments;

/// <summary>Section <c>Payments</c>. <c>GatewaySetting</c> reads <c>Payments:Gateways</c>.</summary>
internal sealed class PaymentsOptions
{
    /// <summary>How often the gateway may answer that it cannot do a refund before a person must.</summary>
    [Range(1, 100)]
    public int RefundTries { get; set; } = 8;

    /// <summary>How many attempts to pay an order may be declined before it can be paid no more; 0 for any number.</summary>
    [Range(0, 1_000)]
    public int MaxDeclinesPerOrder { get; set; } = 5;

    /// <summary>How many attempts of a buyer may be declined within an hour before they must wait; 0 for any number.</summary>
    [Range(0, 10_000)]
    public int MaxDeclinesPerBuyerPerHour { get; set; } = 10;

    /// <summary>
    /// The <c>whsec_</c> secret that the sandbox signs its webhooks with. While it is being changed: several, separated by a space.
    /// </summary>
    public string? WebhookSecret { get; set; }
}
