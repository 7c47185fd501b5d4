using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Booking.Payments;

/// <summary>What a message of Payments does to its order, once: the inbox mark is written with the order (promise I4).</summary>
/// <param name="Decide">Pure, but for what it asks the catalog of the order's event.</param>
/// <param name="AsksForEvent">Whether it does; the catalog must know the event then.</param>
internal sealed record PaymentEffect(
    Guid OrderId,
    InboxKey Key,
    Func<Order, DateTimeOffset, Result<OrderChange>> Decide,
    bool AsksForEvent = false
);
