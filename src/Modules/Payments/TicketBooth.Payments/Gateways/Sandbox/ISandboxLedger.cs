namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>The sandbox's own store: separate from ours, as a real gateway's is, and shared by all hosts.</summary>
internal interface ISandboxLedger
{
    Task<SandboxCharge?> FindAsync(Guid paymentId);

    /// <summary>
    /// Stores a new charge and the webhooks to be sent about it. A payment that was charged before keeps its charge, without
    /// new webhooks.
    /// </summary>
    Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(
        SandboxCharge charge,
        IReadOnlyList<(string WebhookId, string Type)> webhooks
    );

    /// <summary>Refunds a captured charge, once. Null when nothing was captured; no callback when it was refunded before.</summary>
    Task<(SandboxCharge? Charge, SandboxCallback? Callback)> RefundAsync(Guid paymentId, string webhookId, string type, DateTimeOffset now);

    /// <summary>The webhooks that are still to be sent; with <paramref name="dueBefore"/> those that were due before that time.</summary>
    Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null);

    /// <summary>These webhooks are not to be sent any more.</summary>
    Task DeliveredAsync(IReadOnlyCollection<SandboxCallback> callbacks);
}

/// <summary>A charge as the sandbox stores it.</summary>
/// <param name="Outcome">What it becomes at <paramref name="SettlesAt"/>; null when it stays open for ever.</param>
internal sealed record SandboxCharge(
    Guid PaymentId,
    string ExternalId,
    long Amount,
    string Currency,
    SandboxState? Outcome,
    DateTimeOffset SettlesAt,
    string? PixCode,
    DateTimeOffset? RefundedAt = null
)
{
    public SandboxState StateAt(DateTimeOffset now) =>
        (RefundedAt, Outcome) switch
        {
            (not null, _) => SandboxState.Refunded,
            (_, { } outcome) when SettlesAt <= now => outcome,
            _ => SandboxState.Pending,
        };
}

/// <summary>What became of a charge; stored as a number.</summary>
internal enum SandboxState
{
    Pending,
    Captured,
    Declined,
    Refunded,
}

/// <summary>A webhook that the sandbox has to send.</summary>
/// <param name="Number">Distinguishes the callbacks about one payment; a webhook that is sent three times has three.</param>
internal sealed record SandboxCallback(
    long Number,
    string WebhookId,
    string Type,
    DateTimeOffset DueAt,
    Guid PaymentId,
    string ExternalId,
    long Amount,
    string Currency
);
