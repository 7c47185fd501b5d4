namespace TicketBooth.Payments;

/// <summary>Section <c>Payments</c>.</summary>
internal sealed class PaymentsOptions
{
    public const string Sandbox = "Sandbox";

    /// <summary>Which gateway takes the payments. Not set: the sandbox, except in Production.</summary>
    public string? Gateway { get; set; }

    /// <summary>
    /// The <c>whsec_</c> secret that the gateway signs its webhooks with. While it is being changed: several, separated by a space.
    /// </summary>
    public string? WebhookSecret { get; set; }
}
