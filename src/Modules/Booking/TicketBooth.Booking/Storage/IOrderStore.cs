using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Storage;

/// <summary>A buyer, in what concerns one event.</summary>
internal readonly record struct BuyerOfEvent(Guid EventId, Guid BuyerId)
{
    public static BuyerOfEvent Of(Order order) => new(order.EventId, order.BuyerId);
}

/// <summary>The orders of one shard. Every implementation passes <c>OrderStoreContract</c>.</summary>
internal interface IOrderStore
{
    /// <summary>The tickets that staff took off sale.</summary>
    ITicketBlockStore Blocks { get; }

    /// <summary>
    /// Writes a batch: each order with its claims, messages and inbox mark whole or not at all, in the given order, so that a later
    /// write of the batch sees the earlier ones. Durable when it completes. One unique index over the active orders' tickets decides, and
    /// one over the buyers' turns.
    /// </summary>
    /// <returns>One outcome per write, in the given order.</returns>
    Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes);

    /// <summary>Those of the orders that exist, in any order.</summary>
    Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds);

    /// <summary>The orders that hold any of the tickets, each once.</summary>
    Task<IReadOnlyList<Order>> HoldersAsync(IReadOnlyCollection<Guid> ticketIds);

    /// <summary>The numbers of the event's tickets that active orders hold or staff have blocked.</summary>
    Task<IReadOnlyList<int>> TakenNumbersAsync(Guid eventId);

    /// <summary>
    /// How often orders and blocks of the event have given their tickets back, on whatever host. Never goes down, so as long as it is the
    /// same as before <see cref="TakenNumbersAsync"/> was read, no other ticket is free than was then. Costs far less than that.
    /// </summary>
    Task<long> CountFreesAsync(Guid eventId);

    /// <summary>Every order that has a turn, of each of these buyers for the event, whatever became of it.</summary>
    Task<IReadOnlyList<Order>> OfBuyersAsync(IReadOnlyCollection<BuyerOfEvent> buyers);

    /// <summary>Orders on payment whose hold is over, the longest over first.</summary>
    /// <param name="paymentUnderWay">Only those with a payment under way, or only those without.</param>
    Task<IReadOnlyList<Order>> DueAsync(DateTimeOffset now, bool paymentUnderWay, int limit);

    /// <summary>A buyer's orders, newest (highest id) first, below <paramref name="before"/>.</summary>
    Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit);

    /// <summary>Active orders of an event, ascending by id, above <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Order>> ActiveOfEventAsync(Guid eventId, Guid? after, int limit);

    /// <summary>Orders whose buyers still have money to get at the counter, ascending by id, above <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Order>> OwedAtCounterAsync(Guid? after, int limit);

    /// <summary>Orders that were sold at the counter to an address, in whatever case it was typed; in any order.</summary>
    Task<IReadOnlyList<Order>> OfCounterEmailAsync(string email);

    /// <summary>All orders, ascending by id, above <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit);

    /// <summary>Those of the orders about which a message is stored and not yet delivered to every module.</summary>
    Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds);

    /// <summary>
    /// Claims that no active order and no block has, and tickets of active orders and of blocks without their claim: both must be 0
    /// (promise I1).
    /// </summary>
    Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync();
}
