using System.Text.Json;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Admissions.Storage.Sqlite;

/// <summary>Tickets in <c>admissions.db</c>.</summary>
internal sealed class SqliteTicketStore(AdmissionsFile file) : ITicketStore
{
    private const string Columns = """
        event_id, number, order_id, tier_id, price, currency, buyer_id, revision, is_active, generation, version, code, holder, owner_id,
        transfers, transfer_id, transfer_email
        """;

    private readonly SqliteDatabase database = file.Database;

    public IOutbox Outbox => file.Outbox;

    public Task ApplyAsync(IReadOnlyList<OrderTickets> changes) =>
        database.WriteAsync(session =>
        {
            foreach (var change in changes)
            {
                var known = change.Tickets.SelectMany(ticket => OfNumber(session, change.EventId, ticket.Number));
                foreach (var ticket in IssueRules.Apply(known, change))
                {
                    Write(session, ticket);
                }
            }
        });

    public Task<IReadOnlyList<IssuedTicket>> OfOrderAsync(Guid orderId) =>
        Read(session => session.Query($"SELECT {Columns} FROM tickets WHERE order_id = ?1 ORDER BY number", ReadRow, orderId));

    public Task<IReadOnlyList<IssuedTicket>> OfOrdersAsync(IReadOnlyCollection<Guid> orderIds)
    {
        var ids = JsonSerializer.Serialize(orderIds.Select(id => id.ToString("N")));
        return Read(session =>
            session.Query($"SELECT {Columns} FROM tickets WHERE order_id IN (SELECT unhex(value) FROM json_each(?1))", ReadRow, ids)
        );
    }

    public Task<IssuedTicket?> OfTransferAsync(Guid transferId) =>
        Task.FromResult(
            database.Read(session => session.First($"SELECT {Columns} FROM tickets WHERE transfer_id = ?1", ReadRow, transferId))
        );

    public Task<IReadOnlyList<IssuedTicket>> OfOwnerAsync(Guid ownerId) =>
        Read(session => session.Query($"SELECT {Columns} FROM tickets WHERE owner_id = ?1 ORDER BY event_id, number", ReadRow, ownerId));

    public Task<IReadOnlyList<IssuedTicket>> OfferedToAsync(string email) =>
        Read(session =>
            session.Query(
                $"""
                SELECT {Columns} FROM tickets WHERE transfer_email IS NOT NULL AND lower(transfer_email) = lower(?1)
                ORDER BY event_id, number
                """,
                ReadRow,
                email
            )
        );

    public Task<IReadOnlyList<IssuedTicket>> OfNumberAsync(Guid eventId, int number) => Read(session => OfNumber(session, eventId, number));

    public Task<IReadOnlyList<IssuedTicket>> OfEventAsync(Guid eventId, int afterNumber, int numbers) =>
        Read(session =>
            session.Query(
                $"""
                SELECT {Columns} FROM tickets WHERE event_id = ?1 AND number IN (
                    SELECT DISTINCT number FROM tickets WHERE event_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3)
                ORDER BY number, generation
                """,
                ReadRow,
                eventId,
                afterNumber,
                numbers
            )
        );

    public Task<IReadOnlyList<IssuedTicket>> ListAsync((Guid EventId, int Number, Guid OrderId)? after, int limit) =>
        Read(session =>
            session.Query(
                $"""
                SELECT {Columns} FROM tickets WHERE (event_id, number, order_id) > (?1, ?2, ?3)
                ORDER BY event_id, number, order_id LIMIT ?4
                """,
                ReadRow,
                after?.EventId ?? Guid.Empty,
                after?.Number ?? 0,
                after?.OrderId ?? Guid.Empty,
                limit
            )
        );

    public async Task<bool> TryChangeAsync(IssuedTicket after, params IReadOnlyList<OutboxEntry> messages)
    {
        var (isChanged, written) = await database.WriteAsync<(bool, IReadOnlyList<OutboxEntry>)>(session =>
            Change(session, after) ? (true, messages.Count == 0 ? [] : SqliteOutbox.Append(session, messages)) : (false, [])
        );
        file.Outbox.Signal(written);
        return isChanged;
    }

    public Task<DateTimeOffset?> MomentAsync(Moment moment) =>
        Task.FromResult(
            database.Read(session =>
                session.First("SELECT at FROM moments WHERE name = ?1", row => row.TimeOrNull(0), StoredNames<Moment>.Of(moment))
            )
        );

    public Task SetMomentAsync(Moment moment, DateTimeOffset at) =>
        database.WriteAsync(session =>
            session.Execute(
                "INSERT INTO moments(name, at) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET at = MAX(at, excluded.at)",
                StoredNames<Moment>.Of(moment),
                at
            )
        );

    private Task<IReadOnlyList<IssuedTicket>> Read(Func<SqliteSession, List<IssuedTicket>> query) =>
        Task.FromResult<IReadOnlyList<IssuedTicket>>(database.Read(query));

    private static bool Change(SqliteSession session, IssuedTicket after) =>
        session.Execute(
            """
            UPDATE OR IGNORE tickets SET generation = ?5, code = ?6, holder = ?7, owner_id = ?8, transfers = ?9, transfer_id = ?10,
                transfer_email = ?11, version = version + 1
            WHERE event_id = ?1 AND number = ?2 AND order_id = ?3 AND version = ?4
            """,
            after.EventId,
            after.Number,
            after.OrderId,
            after.Version,
            after.Generation,
            after.Code,
            after.HolderName,
            after.OwnerId,
            after.Transfers,
            after.TransferId,
            after.TransferEmail
        ) == 1;

    private static List<IssuedTicket> OfNumber(SqliteSession session, Guid eventId, int number) =>
        session.Query($"SELECT {Columns} FROM tickets WHERE event_id = ?1 AND number = ?2", ReadRow, eventId, number);

    private static void Write(SqliteSession session, IssuedTicket ticket) =>
        session.Execute(
            $"""
            INSERT OR REPLACE INTO tickets({Columns})
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """,
            ticket.EventId,
            ticket.Number,
            ticket.OrderId,
            ticket.TierId,
            ticket.Price,
            ticket.Currency,
            ticket.BuyerId,
            ticket.Revision,
            ticket.IsActive,
            ticket.Generation,
            ticket.Version,
            ticket.Code,
            ticket.HolderName,
            ticket.OwnerId,
            ticket.Transfers,
            ticket.TransferId,
            ticket.TransferEmail
        );

    private static IssuedTicket ReadRow(SqliteRow row) =>
        new(row.Id(0), row.GetInt32(1), row.Id(2))
        {
            TierId = row.Id(3),
            Price = row.GetInt64(4),
            Currency = row.GetString(5),
            BuyerId = row.Id(6),
            Revision = row.GetInt32(7),
            IsActive = row.Flag(8),
            Generation = row.GetInt32(9),
            Version = row.GetInt32(10),
            Code = row.Text(11),
            HolderName = row.Text(12),
            OwnerId = row.IdOrNull(13),
            Transfers = row.GetInt32(14),
            TransferId = row.IdOrNull(15),
            TransferEmail = row.Text(16),
        };
}
