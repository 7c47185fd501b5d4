using TicketBooth.BuildingBlocks.Storage.Relational.Statements;
using TicketBooth.Notifications.Domain;
using static TicketBooth.Notifications.Storage.NotificationsDbContext;
using static TicketBooth.Notifications.Storage.OrderColumns;

namespace TicketBooth.Notifications.Storage;

/// <summary>Orders and the mails that they make, inside one transaction of <see cref="OrderWriter"/>.</summary>
/// <remarks>Plain ADO.NET: every order passes here, and EF Core costs more than all that is done for an order besides.</remarks>
internal sealed class OrderTables(SqlCommands sql, CancellationToken cancellationToken)
{
    private static readonly string[] OrdersColumns = OfOrders.Split(", ");

    // Somebody who has added the order meanwhile is not overwritten.
    private static readonly Upsert NewOrders = new(OrdersTable, OrdersColumns[..1], OrdersColumns[1..], KnownRow.Fails);

    private static readonly Upsert KnownOrders = new(OrdersTable, OrdersColumns[..1], OrdersColumns[1..], KnownRow.Replaced)
    {
        Kept = ["EventId"],
    };

    // They had no event yet.
    private static readonly Upsert LearnedOrders = new(OrdersTable, OrdersColumns[..1], OrdersColumns[1..], KnownRow.Replaced);

    private static readonly Upsert NewMails = new(MailsTable, OfMails.Split(", ")[..1], OfMails.Split(", ")[1..], KnownRow.Stays);

    /// <summary>The orders that are known; nobody else changes them until the transaction ends.</summary>
    public async Task<Dictionary<Guid, OrderRow>> FindAsync(IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var (list, values) = sql.ListOf(ids);
        var orders = await sql.ListAsync(
            $"SELECT {OfOrders} FROM {OrdersTable} WHERE Id IN ({list}){(sql.IsMySql ? " FOR UPDATE" : "")}",
            ReadOrder,
            cancellationToken,
            values
        );
        return orders.ToDictionary(order => order.Id);
    }

    /// <summary>Orders whose next mail is due.</summary>
    public Task<List<Guid>> FindDueAsync(DateTimeOffset now, int limit) =>
        sql.ListAsync(
            $"SELECT Id FROM {OrdersTable} WHERE NextMailAt <= @p0 ORDER BY NextMailAt LIMIT @p1",
            row => row.GetGuid(0),
            cancellationToken,
            now.UtcTicks,
            limit
        );

    /// <summary>Cancelations of the last days, of all events: there are few.</summary>
    public Task<List<BulkRow>> CancelationsAsync() =>
        sql.ListAsync(
            $"SELECT Number, UniqueKey, Kind, EventId, At FROM {BulksTable} WHERE Kind = @p0",
            row => new BulkRow
            {
                Number = row.GetInt64(0),
                UniqueKey = row.GetString(1),
                Kind = row.GetString(2),
                EventId = row.GetGuid(3),
                At = Time(row, 4)!.Value,
            },
            cancellationToken,
            MailKinds.EventCanceled
        );

    public Task AddAsync(IEnumerable<OrderRow> orders) => NewOrders.RunAsync(sql, orders.Select(ValuesOf), cancellationToken);

    /// <param name="orders">As they are now, of those that were found.</param>
    /// <param name="areLearned">Whether nothing but payments was known of them.</param>
    public Task ChangeAsync(IEnumerable<OrderRow> orders, bool areLearned = false) =>
        (areLearned ? LearnedOrders : KnownOrders).RunAsync(sql, orders.Select(ValuesOf), cancellationToken);

    /// <summary>Adds those mails whose cause has none yet.</summary>
    public Task AddAsync(IEnumerable<MailRow> mails) => NewMails.RunAsync(sql, mails.Select(ValuesOf), cancellationToken);
}
