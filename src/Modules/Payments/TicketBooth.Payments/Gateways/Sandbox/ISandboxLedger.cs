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
        IReadOnlyList<SandboxWebhook> webhooks
    );

    /// <summary>Changes a charge and owes the webhooks about it, in one atomic write. Null when there is no such charge.</summary>
    /// <param name="decide">Pure: it may run more than once. The same charge, and no webhook, when nothing changes.</param>
    Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)?> ChangeAsync(
        Guid paymentId,
        Func<SandboxCharge, (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks)> decide
    );

    /// <summary>Charges that settled in a time, or that something was given back of, with all that happened to them.</summary>
    IAsyncEnumerable<SandboxCharge> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The webhooks that are still to be sent; with <paramref name="dueBefore"/> those that were due before that time.</summary>
    Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null);

    /// <summary>These webhooks are not to be sent any more.</summary>
    Task DeliveredAsync(IReadOnlyCollection<SandboxCallback> callbacks);
}
