using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>Orders to start a test from.</summary>
internal static class SampleOrder
{
    public static readonly DateTimeOffset Now = BookingBench.Start;
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan PaymentTime = TimeSpan.FromMinutes(5);
    public static readonly Guid Event = TaggedId.NewBase(Now);
    public static readonly Guid Tier = NewId();

    public static Guid NewId() => Guid.CreateVersion7(Now);

    public static OrderedTicket Ticket(int number, long price = 10_000, Guid? eventId = null) =>
        new(TaggedId.Of(eventId ?? Event, (ushort)number), number, Tier, price);

    public static OrderChange Place(params int[] numbers) => Place(numbers, buyer: null);

    public static OrderChange Place(int[] numbers, Guid? buyer = null, Guid? id = null, Guid? eventId = null, DateTimeOffset? at = null, ushort shard = 1) =>
        OrderRules.Place(
            id ?? TaggedId.New(at ?? Now, shard), eventId ?? Event, buyer ?? NewId(), [.. numbers.Select(number => Ticket(number, eventId: eventId))], "BRL", at ?? Now, Hold);

    public static OrderChange PlaceInTurn(int turn, int[] numbers, Guid buyer, Guid? eventId = null)
    {
        var placed = Place(numbers, buyer, eventId: eventId);
        return placed with { After = placed.After with { Turn = turn } };
    }

    public static Order Placed(params int[] numbers) => Place(numbers.Length == 0 ? [1, 2] : numbers).After;

    public static Order UnderWay(Guid paymentId)
    {
        var order = Placed();
        return PaymentRules.Begin(order, order.BuyerId, paymentId, Now, Hold, PaymentTime).Value.After;
    }

    public static Order Paid(Guid paymentId) => PaymentRules.Confirm(UnderWay(paymentId), paymentId, eventIsCanceled: false, eventHasEnded: false, Now).After;

    public static Order Expired()
    {
        var order = Placed();
        return OrderRules.Expire(order, settledPaymentId: null, order.ExpiresAt).After;
    }

    public static Order Canceled() => OrderRules.Cancel(Placed(), buyerId: null, default, "order-canceled", Now).Value.After;

    public static Order Refunded(Guid paymentId) => OrderRules.Cancel(Paid(paymentId), buyerId: null, default, "order-canceled", Now).Value.After;

    public static Order In(OrderStatus status) => status switch
    {
        OrderStatus.OnPayment => Placed(),
        OrderStatus.Paid => Paid(NewId()),
        OrderStatus.Expired => Expired(),
        OrderStatus.Canceled => Canceled(),
        OrderStatus.Refunded => Refunded(NewId()),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such status."),
    };
}
