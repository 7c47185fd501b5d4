using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Booking.Shards;

/// <summary>What a purchase lane does for a caller.</summary>
internal abstract class LaneWork
{
    /// <summary>The trace context of whoever asked; null when nobody records it.</summary>
    public string? Trace { get; } = Tracing.Context;

    public abstract void Fail(Exception failure);
}

/// <summary>Nobody waits for it: the lane gives its memory back.</summary>
internal sealed class RestWork : LaneWork
{
    public override void Fail(Exception failure) { }
}

/// <summary>A caller's request in a purchase lane, waiting for its own outcome.</summary>
internal abstract class LaneWork<T> : LaneWork
{
    private readonly TaskCompletionSource<Result<T>> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the outcome is durable; fails with an exception only when the store does.</summary>
    public Task<Result<T>> Outcome => outcome.Task;

    public void Complete(Result<T> result) => outcome.TrySetResult(result);

    public override void Fail(Exception failure) => outcome.TrySetException(failure);
}

/// <summary>A request about an order.</summary>
internal abstract class LaneItem : LaneWork<Order>;

/// <summary>A new order: either for the given numbers, or for the best available of a tier or of the whole event.</summary>
internal sealed class PlaceItem(
    Guid orderId,
    Guid eventId,
    Guid buyerId,
    int[]? numbers,
    Guid? tierId,
    int quantity,
    long? expectedTotal = null,
    string? language = null
) : LaneItem
{
    public Guid OrderId => orderId;

    public Guid EventId => eventId;

    public Guid BuyerId => buyerId;

    public BuyerOfEvent Buyer => new(eventId, buyerId);

    /// <summary>Null for best available.</summary>
    public int[]? Numbers => numbers;

    public Guid? TierId => tierId;

    public int Quantity => quantity;

    /// <summary>In cents; null when the buyer accepts any price.</summary>
    public long? ExpectedTotal => expectedTotal;

    /// <summary>How it is sold at the counter; null for an order of a buyer.</summary>
    public CounterTerms? Counter { get; init; }

    /// <summary>It is given away.</summary>
    public bool IsComplimentary => Counter is { Sale.IsComplimentary: true };

    /// <summary>Of mails about it; null when the buyer's client asked for none.</summary>
    public string? Language => language;

    /// <summary>The numbers that this item, and none before it, marked as taken; unmarked when it gets nothing.</summary>
    public List<int> Marked { get; } = [];

    /// <summary>False when the map of the event has one of the numbers as taken.</summary>
    public bool IsFree { get; set; } = true;
}

/// <summary>A change of an order that exists.</summary>
/// <param name="inbox">The message that caused it; null when no message did.</param>
/// <param name="decide">Pure; called again when the order has changed meanwhile.</param>
internal sealed class ChangeItem(Guid orderId, InboxKey? inbox, Func<Order, DateTimeOffset, Result<OrderChange>> decide) : LaneItem
{
    public Guid OrderId => orderId;

    public InboxKey? Inbox => inbox;

    /// <summary>The tickets are gone: use <see cref="OrderChange.IfTaken"/>.</summary>
    public bool TicketsAreGone { get; set; }

    /// <summary>Decides now, but dates no change before the last one of the order.</summary>
    public Result<OrderChange> Decide(Order order, TimeProvider clock)
    {
        var decision = decide(order, clock.NotBefore(order.ChangedAt));
        return TicketsAreGone && decision is { IsSuccess: true, Value.IfTaken: { } otherwise } ? otherwise : decision;
    }
}

/// <summary>A request about tickets that staff take off sale.</summary>
internal abstract class BlockItem : LaneWork<TicketBlock>;

/// <summary>Blocks tickets that nobody has: the given numbers, or so many of a tier.</summary>
internal sealed class BlockTicketsItem(TicketBlock block, Guid? tierId, int quantity) : BlockItem
{
    /// <summary>The block to be; without tickets when the lane is to choose them.</summary>
    public TicketBlock Block => block;

    public Guid? TierId => tierId;

    public int Quantity => quantity;
}

/// <summary>Puts blocked tickets on sale again.</summary>
internal sealed class ReleaseBlockItem(Guid blockId, Actor by) : BlockItem
{
    public Guid BlockId => blockId;

    public Actor By => by;
}
