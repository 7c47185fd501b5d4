namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>The sandbox's memory, apart from ours as a real gateway's is, and one for all hosts.</summary>
internal interface ISandboxLedger
{
    Task<SandboxCharge?> FindAsync(Guid paymentId);

    /// <summary>Remembers a new charge and the webhooks it owes. A payment that was charged before keeps its charge, and owes nothing new.</summary>
    Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(
        SandboxCharge charge,
        IReadOnlyList<(string WebhookId, string Type)> webhooks
    );

    /// <summary>Gives a captured charge back, once. Null when there is nothing captured; no callback when it went back before.</summary>
    Task<(SandboxCharge? Charge, SandboxCallback? Callback)> RefundAsync(Guid paymentId, string webhookId, string type, DateTimeOffset now);

    /// <summary>The webhooks that are still owed; with <paramref name="dueBefore"/> those that were due earlier than that.</summary>
    Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null);

    Task DeliveredAsync(SandboxCallback callback);
}

/// <summary>What the sandbox remembers of a charge.</summary>
/// <param name="Outcome">What it becomes at <paramref name="SettlesAt"/>; null when it stays open for ever.</param>
internal sealed record SandboxCharge(
    Guid PaymentId,
    string ExternalId,
    long Amount,
    string Currency,
    ChargeState? Outcome,
    DateTimeOffset SettlesAt,
    string? PixCode,
    DateTimeOffset? RefundedAt = null
)
{
    public ChargeState StateAt(DateTimeOffset now) =>
        (RefundedAt, Outcome) switch
        {
            (not null, _) => ChargeState.Refunded,
            (_, { } outcome) when SettlesAt <= now => outcome,
            _ => ChargeState.Pending,
        };
}

/// <summary>A webhook that the sandbox owes.</summary>
/// <param name="Number">Tells apart what is owed about one payment; a webhook that is sent three times has three.</param>
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
