using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Whom a bulk concerns, and the mail of one order in it. <see cref="BulkTables"/> says the same in SQL.</summary>
internal static class BulkMail
{
    /// <summary>The order held its tickets when the event was canceled or changed.</summary>
    public static bool Concerns(OrderRow order, BulkRow bulk)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(bulk);
        return order.Revision > 0
            && order.PlacedAt <= bulk.At
            && (order.EndedAt is null || order.EndedAt >= bulk.At)
            && order.State != OrderState.Expired;
    }

    public static string KeyOf(BulkRow bulk)
    {
        ArgumentNullException.ThrowIfNull(bulk);
        return bulk.UniqueKey + "/";
    }

    public static MailRow Of(OrderRow order, BulkRow bulk)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(bulk);
        return new()
        {
            UniqueKey = KeyOf(bulk) + order.Id.ToString().ToUpperInvariant(),
            Kind = bulk.Kind,
            State = MailState.Waiting,
            IsBulk = true,
            AccountId = order.BuyerId,
            OrderId = order.Id,
            EventId = order.EventId,
            BulkNumber = bulk.Number,
            CreatedAt = bulk.At,
            NextTryAt = bulk.At,
        };
    }
}
