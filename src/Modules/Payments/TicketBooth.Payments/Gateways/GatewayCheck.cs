namespace TicketBooth.Payments.Gateways;

/// <summary>What a gateway said to something harmless, at the start.</summary>
/// <param name="Text">What is wrong, with the setting's name in front: <c>Payments:Stripe:SecretKey: …</c>. Null when nothing is.</param>
internal abstract record GatewayCheck(string? Text)
{
    public sealed record Right() : GatewayCheck((string?)null);

    /// <summary>The settings are wrong: every sale would fail.</summary>
    public sealed record Wrong(string Text) : GatewayCheck(Text);

    /// <summary>
    /// It does not answer, or has trouble of its own. That passes, and says nothing about the settings, unless an address among them is
    /// wrong.
    /// </summary>
    public sealed record Unreachable(string Text) : GatewayCheck(Text);
}
