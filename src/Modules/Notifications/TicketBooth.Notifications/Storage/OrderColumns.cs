using System.Data.Common;
using TicketBooth.Notifications.Domain;

namespace TicketBooth.Notifications.Storage;

/// <summary>The columns of orders, how rows are read from them and written to them, and what is written of a mail that is new.</summary>
internal static class OrderColumns
{
    public const string OfOrders =
        "Id, Revision, State, EventId, BuyerId, Tickets, Total, Currency, Language, PlacedAt, ExpiresAt, PaidAt, EndedAt, PaymentId, "
        + "IsByPix, PaymentAt, IsPaying, NextMail, NextMailAt";

    public const string OfMails =
        "UniqueKey, Kind, State, IsBulk, AccountId, OrderId, EventId, BulkNumber, Data, CreatedAt, NextTryAt, Tries";

    public static OrderRow ReadOrder(DbDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var order = new OrderRow
        {
            Id = row.GetGuid(0),
            Revision = row.GetInt32(1),
            State = (OrderState)row.GetInt32(2),
            EventId = row.GetGuid(3),
            BuyerId = row.GetGuid(4),
            Tickets = row.GetString(5),
            Total = row.GetInt64(6),
            Currency = row.GetString(7),
            Language = row.IsDBNull(8) ? null : row.GetString(8),
            PlacedAt = Time(row, 9)!.Value,
            ExpiresAt = Time(row, 10)!.Value,
            PaidAt = Time(row, 11),
            EndedAt = Time(row, 12),
            PaymentId = row.IsDBNull(13) ? null : row.GetGuid(13),
            IsByPix = row.GetBoolean(14),
            PaymentAt = Time(row, 15),
            IsPaying = row.GetBoolean(16),
        };
        if (Time(row, 18) is { } at)
        {
            order.Await((NextMail)row.GetInt32(17), at);
        }

        return order;
    }

    public static object?[] ValuesOf(OrderRow order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return
        [
            order.Id,
            order.Revision,
            (int)order.State,
            order.EventId,
            order.BuyerId,
            order.Tickets,
            order.Total,
            order.Currency,
            order.Language,
            order.PlacedAt.UtcTicks,
            order.ExpiresAt.UtcTicks,
            order.PaidAt?.UtcTicks,
            order.EndedAt?.UtcTicks,
            order.PaymentId,
            order.IsByPix,
            order.PaymentAt?.UtcTicks,
            order.IsPaying,
            (int)order.NextMail,
            order.NextMailAt?.UtcTicks,
        ];
    }

    public static object?[] ValuesOf(MailRow mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return
        [
            mail.UniqueKey,
            mail.Kind,
            (int)mail.State,
            mail.IsBulk,
            mail.AccountId,
            mail.OrderId,
            mail.EventId,
            mail.BulkNumber,
            mail.Data,
            mail.CreatedAt.UtcTicks,
            mail.NextTryAt.UtcTicks,
            mail.Tries,
        ];
    }

    public static DateTimeOffset? Time(DbDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
    }
}
