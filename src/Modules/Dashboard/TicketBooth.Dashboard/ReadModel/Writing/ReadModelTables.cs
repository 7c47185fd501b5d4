using System.Data.Common;
using System.Globalization;
using TicketBooth.BuildingBlocks.Storage.Relational.Statements;
using static TicketBooth.Dashboard.ReadModel.DashboardDbContext;
using static TicketBooth.Dashboard.ReadModel.Writing.RowColumns;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>The read model's tables inside one transaction of a writer.</summary>
/// <remarks>Plain ADO.NET: several thousand messages a second pass here, and EF Core would read every sum before it adds to it.</remarks>
internal sealed class ReadModelTables(SqlCommands sql, CancellationToken cancellationToken)
{
    private static readonly Upsert State = new(StateTable, ["Name"], ["Value"], KnownRow.Replaced);
    private static readonly Upsert Orders = Replacing(OrdersTable, OfOrders);
    private static readonly Upsert Payments = Replacing(PaymentsTable, OfPayments);
    private static readonly Upsert Events = Replacing(EventsTable, OfEvents);
    private static readonly Upsert Sales = new(SalesTable, OfSales.Split(", ")[..4], OfSales.Split(", ")[4..], KnownRow.Grows);

    /// <summary>The tables about the doors.</summary>
    public DoorTables Doors { get; } = new(sql, cancellationToken);

    /// <summary>Keeps other writers on all hosts out until the transaction ends, and increments the version.</summary>
    /// <returns>The new version, and the number of the latest rebuild.</returns>
    public async Task<(long Version, long Generation)> LockAsync()
    {
        await IncrementAsync(StateRow.Version);
        var state = await sql.ListAsync(
            $"SELECT Name, Value FROM {StateTable}",
            row => (Name: row.GetString(0), Value: row.GetInt64(1)),
            cancellationToken
        );
        return (state.Single(row => row.Name == StateRow.Version).Value, state.Single(row => row.Name == StateRow.Generation).Value);
    }

    public Task NewGenerationAsync() => IncrementAsync(StateRow.Generation);

    public Task SetAsync(string name, long value) =>
        State.RunAsync(
            sql,
            [
                [name, value],
            ],
            cancellationToken
        );

    public async Task<Dictionary<Guid, OrderRow>> OrdersAsync(IReadOnlyCollection<Guid> ids) =>
        (await ByIdsAsync(OfOrders, OrdersTable, ReadOrder, ids)).ToDictionary(row => row.Id);

    public async Task<Dictionary<Guid, PaymentRow>> PaymentsAsync(IReadOnlyCollection<Guid> ids) =>
        (await ByIdsAsync(OfPayments, PaymentsTable, ReadPayment, ids)).ToDictionary(row => row.Id);

    public async Task<Dictionary<Guid, long>> EventVersionsAsync(IReadOnlyCollection<Guid> ids) =>
        (await ByIdsAsync("Id, Version", EventsTable, row => (Id: row.GetGuid(0), Version: row.GetInt64(1)), ids)).ToDictionary(
            row => row.Id,
            row => row.Version
        );

    /// <summary>The sums of an event's sales, computed from its orders.</summary>
    public async Task<Dictionary<SalesKey, SalesFigures>> CountAsync(Guid eventId, TimeZoneInfo zone)
    {
        var sums = new SalesSums(zone);
        await sql.ForEachAsync(
            $"SELECT {OfOrders} FROM {OrdersTable} WHERE EventId = @p0",
            row => sums.Add(null, ReadOrder(row)),
            cancellationToken,
            eventId
        );
        return sums.BySpan();
    }

    /// <summary>The sums of an event's sales as they are stored, without those that are zero.</summary>
    public async Task<Dictionary<SalesKey, SalesFigures>> SalesAsync(Guid eventId) =>
        (await sql.ListAsync($"SELECT {OfSales} FROM {SalesTable} WHERE EventId = @p0", ReadSales, cancellationToken, eventId))
            .Where(sum => sum.Figures != SalesFigures.None)
            .ToDictionary(sum => sum.Key, sum => sum.Figures);

    /// <summary>Orders that the latest rebuild did not find in the ledger.</summary>
    public Task<List<OrderRow>> UnseenOrdersAsync(long generation, int limit) =>
        sql.ListAsync(
            $"SELECT {OfOrders} FROM {OrdersTable} WHERE Generation < @p0 LIMIT {limit.ToString(CultureInfo.InvariantCulture)}",
            ReadOrder,
            cancellationToken,
            generation
        );

    public Task<List<Guid>> EventIdsAsync() => sql.ListAsync($"SELECT Id FROM {EventsTable}", row => row.GetGuid(0), cancellationToken);

    public Task<List<Guid>> EventsWithSalesAsync() =>
        sql.ListAsync(
            $"SELECT DISTINCT EventId FROM {SalesTable} UNION SELECT DISTINCT EventId FROM {OrdersTable}",
            row => row.GetGuid(0),
            cancellationToken
        );

    public Task RemoveOrdersAsync(IReadOnlyCollection<Guid> ids) => RemoveAsync(OrdersTable, ids);

    public Task RemoveEventsAsync(IReadOnlyCollection<Guid> ids) => RemoveAsync(EventsTable, ids);

    /// <summary>Removes the payments that the latest rebuild did not find in the ledger.</summary>
    public Task RemoveUnseenPaymentsAsync(long generation) =>
        sql.ExecuteAsync($"DELETE FROM {PaymentsTable} WHERE Generation < @p0", cancellationToken, generation);

    public Task RemoveSalesAsync(Guid eventId) =>
        sql.ExecuteAsync($"DELETE FROM {SalesTable} WHERE EventId = @p0", cancellationToken, eventId);

    public Task WriteAsync(IEnumerable<OrderRow> orders) => Orders.RunAsync(sql, orders.Select(ValuesOf), cancellationToken);

    public Task WriteAsync(IEnumerable<PaymentRow> payments) => Payments.RunAsync(sql, payments.Select(ValuesOf), cancellationToken);

    public Task WriteAsync(IEnumerable<EventRow> events) => Events.RunAsync(sql, events.Select(ValuesOf), cancellationToken);

    /// <summary>Adds to the sums of sales.</summary>
    public Task AddAsync(IEnumerable<KeyValuePair<SalesKey, SalesFigures>> changes) =>
        Sales.RunAsync(
            sql,
            changes.Where(change => change.Value != SalesFigures.None).Select(change => ValuesOf(change.Key, change.Value)),
            cancellationToken
        );

    private static Upsert Replacing(string table, string columns) => new(table, ["Id"], columns.Split(", ")[1..], KnownRow.Replaced);

    private Task IncrementAsync(string name) =>
        sql.ExecuteAsync($"UPDATE {StateTable} SET Value = Value + 1 WHERE Name = @p0", cancellationToken, name);

    private Task<List<T>> ByIdsAsync<T>(string columns, string table, Func<DbDataReader, T> read, IReadOnlyCollection<Guid> ids)
    {
        var (list, values) = sql.ListOf(ids);
        return sql.ListAsync($"SELECT {columns} FROM {table} WHERE Id IN ({list})", read, cancellationToken, values);
    }

    private Task RemoveAsync(string table, IReadOnlyCollection<Guid> ids)
    {
        var (list, values) = sql.ListOf(ids);
        return sql.ExecuteAsync($"DELETE FROM {table} WHERE Id IN ({list})", cancellationToken, values);
    }
}
