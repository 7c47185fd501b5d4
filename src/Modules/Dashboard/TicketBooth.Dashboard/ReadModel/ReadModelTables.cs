using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Contracts;
using static TicketBooth.Dashboard.ReadModel.DashboardDbContext;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The read model's tables inside one transaction of a writer.</summary>
/// <remarks>Plain ADO.NET: several thousand messages a second pass here, and EF Core would read every sum before it adds to it.</remarks>
[SuppressMessage("Security", "CA2100", Justification = "Statements are constants of this module; values are bound.")]
internal sealed class ReadModelTables(DbTransaction transaction, CancellationToken cancellationToken)
{
    private const string OrderColumns =
        "Id, EventId, BuyerId, Revision, Status, Tickets, Total, PlacedAt, IsPlacedAtKnown, PaidAt, EndedAt, PaymentId, Generation";
    private const string PaymentColumns =
        "Id, OrderId, Status, Method, Amount, Currency, StartedAt, ChangedAt, DeclineReason, RefundReason, AwaitingSince, OwedSince, Generation, DeclinedAt, CapturedAt";

    private static readonly Upsert Orders = new(OrdersTable, ["Id"], OrderColumns.Split(", ")[1..], adds: false);
    private static readonly Upsert Payments = new(PaymentsTable, ["Id"], PaymentColumns.Split(", ")[1..], adds: false);
    private static readonly Upsert Events = new(
        EventsTable,
        ["Id"],
        ["Version", "IsCanceled", "Name", "Venue", "StartsAt", "SaleOpensAt", "SaleClosesAt", "Currency", "Capacity", "Tiers", "Released"],
        adds: false
    );
    private static readonly Upsert Sales = new(
        SalesTable,
        ["EventId", "TierId", "Span", "At"],
        ["OrdersPlaced", "OrdersPaid", "OrdersLapsed", "OrdersRefunded", "Taken", "Sold", "Lapsed", "Refunded", "Revenue", "Returned"],
        adds: true
    );

    /// <summary>Lets no other writer in until the transaction ends, on whichever host, and counts the change.</summary>
    /// <returns>The version after it, and the number of the latest rebuild.</returns>
    public async Task<(long Version, long Generation)> LockAsync()
    {
        await ExecuteAsync($"UPDATE {StateTable} SET Value = Value + 1 WHERE Name = @p0", StateRow.Version);
        var state = await ListAsync($"SELECT Name, Value FROM {StateTable}", row => (Name: row.GetString(0), Value: row.GetInt64(1)));
        return (state.Single(row => row.Name == StateRow.Version).Value, state.Single(row => row.Name == StateRow.Generation).Value);
    }

    public Task NewGenerationAsync() => ExecuteAsync($"UPDATE {StateTable} SET Value = Value + 1 WHERE Name = @p0", StateRow.Generation);

    public async Task<Dictionary<Guid, OrderRow>> OrdersAsync(IReadOnlyCollection<Guid> ids) =>
        (await ListAsync($"SELECT {OrderColumns} FROM {OrdersTable} WHERE Id IN ({Names(ids.Count)})", ReadOrder, [.. ids])).ToDictionary(
            row => row.Id
        );

    public async Task<Dictionary<Guid, PaymentRow>> PaymentsAsync(IReadOnlyCollection<Guid> ids) =>
        (
            await ListAsync($"SELECT {PaymentColumns} FROM {PaymentsTable} WHERE Id IN ({Names(ids.Count)})", ReadPayment, [.. ids])
        ).ToDictionary(row => row.Id);

    public async Task<Dictionary<Guid, long>> EventVersionsAsync(IReadOnlyCollection<Guid> ids) =>
        (
            await ListAsync(
                $"SELECT Id, Version FROM {EventsTable} WHERE Id IN ({Names(ids.Count)})",
                row => (Id: row.GetGuid(0), Version: row.GetInt64(1)),
                [.. ids]
            )
        ).ToDictionary(row => row.Id, row => row.Version);

    /// <summary>The sums of an event's sales, counted from its orders.</summary>
    public async Task<Dictionary<SalesKey, SalesFigures>> CountAsync(Guid eventId, TimeZoneInfo zone)
    {
        var sums = new Dictionary<SalesKey, SalesFigures>();
        await using var command = Command($"SELECT {OrderColumns} FROM {OrdersTable} WHERE EventId = @p0", [eventId]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            Contributions.Add(sums, null, ReadOrder(rows), zone);
        }

        return sums;
    }

    /// <summary>The sums of an event's sales as they are kept; those that came to nothing are left out.</summary>
    public async Task<Dictionary<SalesKey, SalesFigures>> SalesAsync(Guid eventId) => (
            await ListAsync(
                $"""
                SELECT EventId, TierId, Span, At, OrdersPlaced, OrdersPaid, OrdersLapsed, OrdersRefunded, Taken, Sold, Lapsed, Refunded, Revenue, Returned
                FROM {SalesTable} WHERE EventId = @p0
                """,
                ReadSales,
                eventId
            )
        ).Where(sum => sum.Figures != SalesFigures.None).ToDictionary(sum => sum.Key, sum => sum.Figures);

    /// <summary>Orders that the latest rebuild did not see.</summary>
    public Task<List<OrderRow>> ForgottenOrdersAsync(long generation, int limit) =>
        ListAsync(
            $"SELECT {OrderColumns} FROM {OrdersTable} WHERE Generation < @p0 LIMIT {limit.ToString(CultureInfo.InvariantCulture)}",
            ReadOrder,
            generation
        );

    public Task RemoveOrdersAsync(IReadOnlyCollection<Guid> ids) =>
        ExecuteAsync($"DELETE FROM {OrdersTable} WHERE Id IN ({Names(ids.Count)})", [.. ids]);

    public Task<List<Guid>> EventIdsAsync() => ListAsync($"SELECT Id FROM {EventsTable}", row => row.GetGuid(0));

    public Task RemoveEventsAsync(IReadOnlyCollection<Guid> ids) =>
        ExecuteAsync($"DELETE FROM {EventsTable} WHERE Id IN ({Names(ids.Count)})", [.. ids]);

    public Task RemoveForgottenPaymentsAsync(long generation) =>
        ExecuteAsync($"DELETE FROM {PaymentsTable} WHERE Generation < @p0", generation);

    public Task RemoveSalesAsync(Guid eventId) => ExecuteAsync($"DELETE FROM {SalesTable} WHERE EventId = @p0", eventId);

    public Task<List<Guid>> EventsWithSalesAsync() =>
        ListAsync($"SELECT DISTINCT EventId FROM {SalesTable} UNION SELECT DISTINCT EventId FROM {OrdersTable}", row => row.GetGuid(0));

    public Task WriteAsync(IEnumerable<OrderRow> orders) =>
        RunAsync(
            Orders,
            orders.Select(order =>
                new object?[]
                {
                    order.Id,
                    order.EventId,
                    order.BuyerId,
                    order.Revision,
                    (int)order.Status,
                    ToJson(order.Tickets),
                    order.Total,
                    order.PlacedAt.UtcTicks,
                    order.IsPlacedAtKnown,
                    order.PaidAt?.UtcTicks,
                    order.EndedAt?.UtcTicks,
                    order.PaymentId,
                    order.Generation,
                }
            )
        );

    public Task WriteAsync(IEnumerable<PaymentRow> payments) =>
        RunAsync(
            Payments,
            payments.Select(payment =>
                new object?[]
                {
                    payment.Id,
                    payment.OrderId,
                    (int)payment.Status,
                    (int?)payment.Method,
                    payment.Amount,
                    payment.Currency,
                    payment.StartedAt?.UtcTicks,
                    payment.ChangedAt?.UtcTicks,
                    payment.DeclineReason,
                    payment.RefundReason,
                    payment.AwaitingSince?.UtcTicks,
                    payment.OwedSince?.UtcTicks,
                    payment.Generation,
                    payment.DeclinedAt?.UtcTicks,
                    payment.CapturedAt?.UtcTicks,
                }
            )
        );

    public Task WriteAsync(IEnumerable<EventRow> events) =>
        RunAsync(
            Events,
            events.Select(shown =>
                new object?[]
                {
                    shown.Id,
                    shown.Version,
                    shown.IsCanceled,
                    shown.Name,
                    shown.Venue,
                    shown.StartsAt.UtcTicks,
                    shown.SaleOpensAt.UtcTicks,
                    shown.SaleClosesAt.UtcTicks,
                    shown.Currency,
                    shown.Capacity,
                    ToJson(shown.Tiers),
                    shown.Released,
                }
            )
        );

    /// <summary>Adds to the sales.</summary>
    public Task AddAsync(IEnumerable<KeyValuePair<SalesKey, SalesFigures>> changes) =>
        RunAsync(
            Sales,
            changes
                .Where(change => change.Value != SalesFigures.None)
                .Select(change =>
                    new object?[]
                    {
                        change.Key.EventId,
                        change.Key.TierId,
                        (int)change.Key.Span,
                        change.Key.At,
                        change.Value.OrdersPlaced,
                        change.Value.OrdersPaid,
                        change.Value.OrdersLapsed,
                        change.Value.OrdersRefunded,
                        change.Value.Taken,
                        change.Value.Sold,
                        change.Value.Lapsed,
                        change.Value.Refunded,
                        change.Value.Revenue,
                        change.Value.Returned,
                    }
                )
        );

    private static OrderRow ReadOrder(DbDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            EventId = row.GetGuid(1),
            BuyerId = row.GetGuid(2),
            Revision = row.GetInt32(3),
            Status = (OrderStatus)row.GetInt32(4),
            Tickets = FromJson<OrderLine>(row.GetString(5)),
            Total = row.GetInt64(6),
            PlacedAt = Time(row, 7)!.Value,
            IsPlacedAtKnown = row.GetBoolean(8),
            PaidAt = Time(row, 9),
            EndedAt = Time(row, 10),
            PaymentId = row.IsDBNull(11) ? null : row.GetGuid(11),
            Generation = row.GetInt64(12),
        };

    private static PaymentRow ReadPayment(DbDataReader row) =>
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

    private static (SalesKey Key, SalesFigures Figures) ReadSales(DbDataReader row) =>
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
            }
        );

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    private static string Names(int count) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => "@p" + i.ToString(CultureInfo.InvariantCulture)));

    private async Task RunAsync(Upsert statement, IEnumerable<object?[]> rows)
    {
        var all = rows.ToList();
        if (all.Count > 0)
        {
            await statement.RunAsync(transaction, all, cancellationToken);
        }
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(read(rows));
        }

        return list;
    }

    private DbCommand Command(string sql, object[] values)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@p" + i.ToString(CultureInfo.InvariantCulture), values[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
