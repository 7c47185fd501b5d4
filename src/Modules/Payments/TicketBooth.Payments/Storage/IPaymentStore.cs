using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>Where payments are kept. What a method writes is on disk (or acknowledged by the majority) when its task completes.</summary>
internal interface IPaymentStore
{
    /// <summary>The messages for other modules.</summary>
    IOutbox Outbox { get; }

    /// <summary>
    /// Stores a new payment and its messages in one atomic write; false, and nothing written, when its id is stored already.
    /// </summary>
    Task<bool> AddAsync(Payment payment, params OutboxEntry[] messages);

    Task<Payment?> FindAsync(Guid paymentId);

    /// <summary>
    /// Changes a payment in one atomic write: the payment, the messages about it, and the mark of the delivery that caused it. A
    /// delivery that was marked on this payment before changes nothing. Fails with <c>payment-not-found</c>, or as
    /// <paramref name="decide"/> does; then nothing is written.
    /// </summary>
    /// <param name="decide">Pure: it may run more than once.</param>
    Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery = null);

    /// <summary>Payments with money on record that staff should know of, the newest first.</summary>
    /// <param name="openOnly">Only what waits for a person.</param>
    Task<IReadOnlyList<Payment>> ListCasesAsync(bool openOnly, Guid? before, int limit);

    /// <summary>Payments with money that must go back, by id.</summary>
    Task<IReadOnlyList<Guid>> ListAwaitingRefundAsync(Guid after, int limit);

    /// <summary>Open payments of ended orders whose gateway is to be told to end them, the longest due first.</summary>
    Task<IReadOnlyList<Payment>> ListGivenUpAsync(DateTimeOffset due, int limit);

    /// <summary>
    /// Payments by id, ascending, each with whether a message about it is still to be delivered. One about another payment of its order may
    /// count, too.
    /// </summary>
    Task<IReadOnlyList<StoredPayment>> ListAsync(Guid after, int limit);

    /// <summary>
    /// Payments by id, ascending, among them all whose money was captured or went back in a time as we learned of it:
    /// <paramref name="from"/> &lt;= at &lt; <paramref name="to"/>. Left out is a plain capture more than <see cref="LongestPayment"/>
    /// after the payment was made.
    /// </summary>
    Task<IReadOnlyList<Payment>> ListMovedAsync(DateTimeOffset from, DateTimeOffset to, Guid after, int limit);

    /// <summary>How long after its start a payment is looked for, when it is looked for by the time of its capture.</summary>
    static readonly TimeSpan LongestPayment = TimeSpan.FromDays(3);

    /// <summary>Those of the given payments that exist, in any order.</summary>
    Task<IReadOnlyList<StoredPayment>> FindAsync(IReadOnlyCollection<Guid> paymentIds);

    /// <summary>The declined payments of an order, and those of its buyer that were declined after a time; in any order.</summary>
    Task<IReadOnlyList<Decline>> ListDeclinesAsync(Guid orderId, Guid buyerId, DateTimeOffset after);

    /// <summary>The payments of orders that were ever declined, in any order: an order names its last payment, and so all others.</summary>
    Task<IReadOnlyList<Payment>> ListDeclinedOfAsync(IReadOnlyCollection<Guid> orderIds);

    /// <summary>Removes the marks of deliveries from before <paramref name="before"/>.</summary>
    Task ForgetDeliveriesAsync(DateTimeOffset before);
}

/// <param name="Payment">As it is now.</param>
/// <param name="Repeated">The delivery was applied before and changed nothing this time.</param>
/// <param name="Contradiction">As in <see cref="Step"/>.</param>
internal sealed record Changed(Payment Payment, bool Repeated, bool Contradiction);

internal sealed record StoredPayment(Payment Payment, bool HasPendingMessages);

/// <summary>Something that is delivered at least once and must be applied exactly once.</summary>
/// <param name="At">When it came; decides when its mark may be removed.</param>
internal abstract record Delivery(DateTimeOffset At)
{
    /// <summary>From the gateway, by the sender's <c>webhook-id</c>.</summary>
    public sealed record Webhook(string Id, DateTimeOffset At) : Delivery(At);

    /// <summary>From another module.</summary>
    public sealed record Message(InboxKey Key, DateTimeOffset At) : Delivery(At);
}
