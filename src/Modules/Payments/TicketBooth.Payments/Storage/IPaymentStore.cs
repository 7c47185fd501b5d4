using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>Where payments are kept. What a method promises is on disk (or acknowledged by the majority) when its task completes.</summary>
internal interface IPaymentStore
{
    /// <summary>What the store has to tell other modules.</summary>
    IOutbox Outbox { get; }

    /// <summary>Keeps a new payment, and what is to be said of it, in one atomic write.</summary>
    Task AddAsync(Payment payment, params OutboxEntry[] messages);

    Task<Payment?> FindAsync(Guid paymentId);

    /// <summary>
    /// Changes a payment in one atomic write: the payment, the announcement about it, and the mark of the delivery that caused it. A
    /// delivery that was marked on this payment before changes nothing. Fails with <c>payment-not-found</c>, or as <paramref name="decide"/> does; then nothing is written.
    /// </summary>
    /// <param name="decide">Pure: it may run more than once.</param>
    Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery = null);

    /// <summary>Captured payments whose money must go back, by id.</summary>
    Task<IReadOnlyList<Guid>> ListAwaitingRefundAsync(Guid after, int limit);

    /// <summary>Payments by id, ascending, with whether a message about their order waits for a module.</summary>
    Task<IReadOnlyList<StoredPayment>> ListAsync(Guid after, int limit);

    /// <summary>Those of the given payments that exist, in any order.</summary>
    Task<IReadOnlyList<StoredPayment>> FindAsync(IReadOnlyCollection<Guid> paymentIds);

    /// <summary>Forgets deliveries that were marked before <paramref name="before"/>.</summary>
    Task ForgetDeliveriesAsync(DateTimeOffset before);
}

/// <param name="Payment">As it is now.</param>
/// <param name="Repeated">The delivery had its effect before; this time there was none.</param>
internal sealed record Changed(Payment Payment, bool Repeated, bool Contradiction);

internal sealed record StoredPayment(Payment Payment, bool HasPendingMessages);

/// <summary>What comes at least once and must have its effect once.</summary>
/// <param name="At">When it came; decides when it may be forgotten.</param>
internal abstract record Delivery(DateTimeOffset At)
{
    /// <summary>From the gateway, by the sender's <c>webhook-id</c>.</summary>
    public sealed record Webhook(string Id, DateTimeOffset At) : Delivery(At);

    /// <summary>From another module.</summary>
    public sealed record Message(InboxKey Key, DateTimeOffset At) : Delivery(At);
}
