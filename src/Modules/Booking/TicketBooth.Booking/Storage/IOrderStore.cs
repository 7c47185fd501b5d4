using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Storage;

/// <summary>One write of a batch.</summary>
/// <param name="Inbox">The message whose effect it is, if it is one's.</param>
internal readonly record struct OrderWrite(OrderChange Change, InboxKey? Inbox);

/// <summary>What became of one write.</summary>
internal enum WriteOutcome
{
    Written,

    /// <summary>Another order holds at least one of the tickets; nothing of this write was kept.</summary>
    TicketTaken,

    /// <summary>The order is not what the decision was made on (or, for a new one, it exists already); nothing of this write was kept.</summary>
    Stale,

    /// <summary>The inbox knows the message: its effect is there already.</summary>
    Duplicate,
}

/// <summary>The orders of one shard. Every implementation passes <c>OrderStoreContract</c>.</summary>
internal interface IOrderStore
{
    /// <summary>
    /// Writes a batch: each order with its claims, messages and inbox mark whole or not at all, in the given order, so that a later
    /// write of the batch sees the earlier ones. Durable when it completes. One unique index over the active orders' tickets decides.
    /// </summary>
    /// <returns>One outcome per write, in the given order.</returns>
    Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes);

    /// <summary>Those of the orders that exist, in any order.</summary>
    Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds);

    /// <summary>The orders that hold any of the tickets, each once.</summary>
    Task<IReadOnlyList<Order>> HoldersAsync(IReadOnlyCollection<Guid> ticketIds);

    /// <summary>The numbers of the event's tickets that active orders hold.</summary>
    Task<IReadOnlyList<int>> TakenNumbersAsync(Guid eventId);

    /// <summary>How many tickets of the event the buyer holds or owns.</summary>
    Task<int> CountTicketsAsync(Guid eventId, Guid buyerId);

    /// <summary>Orders on payment whose hold is over, the longest over first.</summary>
    /// <param name="paymentUnderWay">Only those with a payment under way, or only those without.</param>
    Task<IReadOnlyList<Order>> DueAsync(DateTimeOffset now, bool paymentUnderWay, int limit);

    /// <summary>A buyer's orders, newest (highest id) first, below <paramref name="before"/>.</summary>
    Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit);

    /// <summary>Active orders of an event, ascending by id, above <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Order>> ActiveOfEventAsync(Guid eventId, Guid? after, int limit);

    /// <summary>All orders, ascending by id, above <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit);

    /// <summary>Those of the orders about which a message is stored and not yet delivered to every module.</summary>
    Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds);

    /// <summary>Claims that no active order has, and tickets of active orders without their claim: both must be 0 (promise I1).</summary>
    Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync();
}

/// <summary>Where events are, and which requests were made before. Shared by all shards.</summary>
internal interface IBookingDirectory
{
    /// <summary>Ascending.</summary>
    Task<IReadOnlyList<ushort>> ShardsAsync();

    /// <summary>
    /// The event's shard; puts it on one at the first call. Fifty events share a shard; a large event gets one of its own. Two hosts that
    /// ask at once get the same answer.
    /// </summary>
    Task<ushort> AssignAsync(Guid eventId, bool large);

    /// <summary>
    /// Reserves an idempotency key for an order id and a body, or returns the reservation that is there already. Durable when it completes.
    /// </summary>
    /// <param name="validFrom">Reservations older than this are forgotten.</param>
    Task<KeyReservation> ReserveAsync(Guid buyerId, string key, KeyReservation reservation, DateTimeOffset validFrom);

    /// <summary>The reservation of a key, without making one.</summary>
    /// <param name="validFrom">Reservations older than this are forgotten.</param>
    Task<KeyReservation?> FindReservationAsync(Guid buyerId, string key, DateTimeOffset validFrom);

    /// <summary>Remembers that the request with this key was refused, and why.</summary>
    Task RefuseAsync(Guid buyerId, string key, string errorCode);

    Task ForgetKeysAsync(DateTimeOffset before);
}

/// <summary>What an idempotency key stands for.</summary>
/// <param name="OrderId">The id that the order has, or would have had.</param>
/// <param name="BodyHash">SHA-256 of the request.</param>
/// <param name="RefusedWith">The code of the error that answered it; null when it was granted or is not answered yet.</param>
internal sealed record KeyReservation(Guid OrderId, string BodyHash, DateTimeOffset At, string? RefusedWith = null);
