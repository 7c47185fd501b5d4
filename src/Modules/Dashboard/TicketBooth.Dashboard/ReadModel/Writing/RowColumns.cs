using System.Data.Common;
using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>The columns of the read model's tables, and how rows are read from them and written to them.</summary>
internal static class RowColumns
{
    public const string OfOrders =
        "Id, EventId, BuyerId, Revision, Status, Tickets, Total, PlacedAt, IsPlacedAtKnown, PaidAt, EndedAt, PaymentId, Generation, "
        + "Refunds, Disputes, DisputedSince, SoldBy";

    public const string OfPayments =
        "Id, OrderId, Status, Method, Amount, Currency, StartedAt, ChangedAt, DeclineReason, RefundReason, AwaitingSince, OwedSince, "
        + "Generation, DeclinedAt, CapturedAt";

    public const string OfEvents =
        "Id, Version, IsCanceled, Name, Venue, StartsAt, SaleOpensAt, SaleClosesAt, Currency, Capacity, Tiers, Released";

    public const string OfSales =
        "EventId, TierId, Span, At, OrdersPlaced, OrdersPaid, OrdersLapsed, OrdersRefunded, Taken, Sold, Lapsed, Refunded, Revenue, "
        + "Returned, Disputes, CounterSold, CounterRevenue, Complimentary, CounterOrders";

    public static OrderRow ReadOrder(DbDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            EventId = row.GetGuid(1),
            BuyerId = row.GetGuid(2),
            Revision = row.GetInt32(3),
            Status = (OrderStatus)row.GetInt32(4),
            Tickets = LinesJson.Read<OrderLine>(row.GetString(5)),
            Total = row.GetInt64(6),
            PlacedAt = Time(row, 7)!.Value,
            IsPlacedAtKnown = row.GetBoolean(8),
            PaidAt = Time(row, 9),
            EndedAt = Time(row, 10),
            PaymentId = row.IsDBNull(11) ? null : row.GetGuid(11),
            Generation = row.GetInt64(12),
            Refunds = row.IsDBNull(13) ? null : LinesJson.Read<RefundLine>(row.GetString(13)),
            Disputes = row.IsDBNull(14) ? null : LinesJson.Read<DisputeLine>(row.GetString(14)),
            DisputedSince = Time(row, 15),
            SoldBy = (SoldBy)row.GetInt32(16),
        };

    public static PaymentRow ReadPayment(DbDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            OrderId = row.GetGuid(1),
            Status = (PaymentStatus)row.GetInt32(2),
            Method = row.IsDBNull(3) ? null : (PaymentMethod)row.GetInt32(3),
            Amount = row.GetInt64(4),
            Currency = row.GetString(5),
            StartedAt = Time(row, 6),
            ChangedAt = Time(row, 7),
            DeclineReason = row.IsDBNull(8) ? null : row.GetString(8),
            RefundReason = row.IsDBNull(9) ? null : row.GetString(9),
            AwaitingSince = Time(row, 10),
            OwedSince = Time(row, 11),
            Generation = row.GetInt64(12),
            DeclinedAt = Time(row, 13),
            CapturedAt = Time(row, 14),
        };

    public static (SalesKey Key, SalesFigures Figures) ReadSales(DbDataReader row) =>
        (
            new SalesKey(row.GetGuid(0), row.GetGuid(1), (SalesSpan)row.GetInt32(2), row.GetInt64(3)),
            new SalesFigures
            {
                OrdersPlaced = row.GetInt64(4),
                OrdersPaid = row.GetInt64(5),
                OrdersLapsed = row.GetInt64(6),
                OrdersRefunded = row.GetInt64(7),
                Taken = row.GetInt64(8),
                Sold = row.GetInt64(9),
                Lapsed = row.GetInt64(10),
                Refunded = row.GetInt64(11),
                Revenue = row.GetInt64(12),
                Returned = row.GetInt64(13),
                Disputes = row.GetInt64(14),
                CounterSold = row.GetInt64(15),
                CounterRevenue = row.GetInt64(16),
                Complimentary = row.GetInt64(17),
                CounterOrders = row.GetInt64(18),
            }
        );

    public static object?[] ValuesOf(OrderRow row) =>
        [
            row.Id,
            row.EventId,
            row.BuyerId,
            row.Revision,
            (int)row.Status,
            LinesJson.Write(row.Tickets),
            row.Total,
            row.PlacedAt.UtcTicks,
            row.IsPlacedAtKnown,
            row.PaidAt?.UtcTicks,
            row.EndedAt?.UtcTicks,
            row.PaymentId,
            row.Generation,
            row.Refunds is { } refunds ? LinesJson.Write(refunds) : null,
            row.Disputes is { } disputes ? LinesJson.Write(disputes) : null,
            row.DisputedSince?.UtcTicks,
            (int)row.SoldBy,
        ];

    public static object?[] ValuesOf(PaymentRow row) =>
        [
            row.Id,
            row.OrderId,
            (int)row.Status,
            (int?)row.Method,
            row.Amount,
            row.Currency,
            row.StartedAt?.UtcTicks,
            row.ChangedAt?.UtcTicks,
            row.DeclineReason,
            row.RefundReason,
            row.AwaitingSince?.UtcTicks,
            row.OwedSince?.UtcTicks,
            row.Generation,
            row.DeclinedAt?.UtcTicks,
            row.CapturedAt?.UtcTicks,
        ];

    public static object?[] ValuesOf(EventRow row) =>
        [
            row.Id,
            row.Version,
            row.IsCanceled,
            row.Name,
            row.Venue,
            row.StartsAt.UtcTicks,
            row.SaleOpensAt.UtcTicks,
            row.SaleClosesAt.UtcTicks,
            row.Currency,
            row.Capacity,
            LinesJson.Write(row.Tiers),
            row.Released,
        ];

    public static object?[] ValuesOf(SalesKey key, SalesFigures figures) =>
        [
            key.EventId,
            key.TierId,
            (int)key.Span,
            key.At,
            figures.OrdersPlaced,
            figures.OrdersPaid,
            figures.OrdersLapsed,
            figures.OrdersRefunded,
            figures.Taken,
            figures.Sold,
            figures.Lapsed,
            figures.Refunded,
            figures.Revenue,
            figures.Returned,
            figures.Disputes,
            figures.CounterSold,
            figures.CounterRevenue,
            figures.Complimentary,
            figures.CounterOrders,
        ];

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
