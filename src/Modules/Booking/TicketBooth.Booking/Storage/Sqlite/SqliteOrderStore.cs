using System.Text.Json;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>A shard in a SQLite file: the claims table's primary key is the unique index that decides who gets a ticket.</summary>
internal sealed class SqliteOrderStore(SqliteDatabase database, SqliteOutbox outbox) : IOrderStore
{
    public static readonly string[] Schema =
    [
        """
            CREATE TABLE orders(
                id BLOB NOT NULL PRIMARY KEY, event_id BLOB NOT NULL, buyer_id BLOB NOT NULL, status INTEGER NOT NULL,
                tickets TEXT NOT NULL, total INTEGER NOT NULL, currency TEXT NOT NULL,
                placed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                payment_id BLOB, payment_status INTEGER, revision INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX orders_buyer ON orders(buyer_id, id);
            CREATE INDEX orders_due ON orders(expires_at) WHERE status = 0;
            CREATE TABLE claims(ticket_id BLOB NOT NULL PRIMARY KEY, order_id BLOB NOT NULL) WITHOUT ROWID;
            """,
        SqliteOutbox.Schema,
        "ALTER TABLE orders ADD COLUMN refunded_payments TEXT",
        "ALTER TABLE orders ADD COLUMN paid_at INTEGER; ALTER TABLE orders ADD COLUMN ended_at INTEGER",
        """
            ALTER TABLE orders ADD COLUMN turn INTEGER;
            CREATE UNIQUE INDEX orders_turn ON orders(event_id, buyer_id, turn) WHERE turn IS NOT NULL
            """,
        """
            ALTER TABLE orders ADD COLUMN freed INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX orders_freed ON orders(event_id, freed) WHERE freed > 0
            """,
        SqliteTicketBlockStore.Schema,
        SqliteOutbox.Pages,
        SqliteBuyerOrders.Schema,
        "ALTER TABLE orders ADD COLUMN refunds TEXT",
        SqliteOutbox.Told("orders", "id") + ";" + SqliteOutbox.Told("ticket_blocks", "id"),
        SqliteEventFrees.Schema,
        "ALTER TABLE orders ADD COLUMN disputes TEXT",
        """
            ALTER TABLE orders ADD COLUMN counter TEXT;
            ALTER TABLE orders ADD COLUMN owed INTEGER;
            CREATE INDEX orders_owed ON orders(id) WHERE owed IS NOT NULL
            """,
        "CREATE INDEX orders_counter_email ON orders(lower(counter ->> 'email')) WHERE counter IS NOT NULL",
    ];

    private const string Select = "SELECT " + OrderRow.Columns + " FROM orders";

    private const string SelectNextDue = "SELECT expires_at FROM orders WHERE status = 0 ORDER BY expires_at LIMIT 1";

    private readonly SqliteBuyerOrders buyers = new(database);
    private readonly SinceWritten<DateTimeOffset?> nextDue = new(
        database,
        session => session.First(SelectNextDue, row => row.TimeOrNull(0))
    );

    public ITicketBlockStore Blocks { get; } = new SqliteTicketBlockStore(database, outbox);

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes)
    {
        var (outcomes, messages, noted) = await database.WriteAsync(session =>
        {
            var told = new List<OutboxEntry>(writes.Count);
            var results = new WriteOutcome[writes.Count];
            var newest = SqliteOutbox.NewestSequence(session);
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = SqliteOrderWriter.Write(session, writes[i], told, newest);
            }

            var placed = writes.Where((write, i) => write.Change.Before is null && results[i] == WriteOutcome.Written);
            return (results, SqliteOutbox.Append(session, told), buyers.Note(session, [.. placed.Select(write => write.Change.After)]));
        });
        buyers.Apply(noted);
        outbox.Signal(messages);
        return outcomes;
    }

    public Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds) =>
        Snapshot(session =>
        {
            var orders = new List<Order>(orderIds.Count);
            foreach (var id in orderIds)
            {
                if (Find(session, id) is { } order)
                {
                    orders.Add(order);
                }
            }

            return orders;
        });

    public Task<IReadOnlyList<Order>> HoldersAsync(IReadOnlyCollection<Guid> ticketIds) =>
        Snapshot(session =>
            ticketIds
                .Select(ticket => session.First("SELECT order_id FROM claims WHERE ticket_id = ?1", row => (Guid?)row.Id(0), ticket))
                .OfType<Guid>()
                .Distinct()
                .Select(id => Find(session, id))
                .OfType<Order>()
                .ToList()
        );

    public Task<IReadOnlyList<int>> TakenNumbersAsync(Guid eventId) =>
        Rows(session =>
        {
            // A ticket's id is its event's id with the number at the end, so an event's claims are adjacent in the index.
            var tickets = session.Query(
                "SELECT ticket_id FROM claims WHERE ticket_id BETWEEN ?1 AND ?2",
                row => row.Id(0),
                TaggedId.Of(eventId, 0),
                TaggedId.Of(eventId, ushort.MaxValue)
            );
            return tickets.ConvertAll(ticket => TaggedId.TryReadTag(ticket, out var number) ? (int)number : 0);
        });

    public Task<long> CountFreesAsync(Guid eventId) => Task.FromResult(database.Read(session => SqliteEventFrees.Count(session, eventId)));

    public Task<IReadOnlyList<Order>> OfBuyersAsync(IReadOnlyCollection<BuyerOfEvent> buyers) =>
        Snapshot(session =>
        {
            var orders = new List<Order>();
            foreach (var (eventId, buyerId) in buyers)
            {
                orders.AddRange(
                    session.Query($"{Select} WHERE event_id = ?1 AND buyer_id = ?2 AND turn IS NOT NULL", OrderRow.Read, eventId, buyerId)
                );
            }

            return orders;
        });

    /// <remarks>Asked every second of every shard, so a file without holds stays closed.</remarks>
    public Task<IReadOnlyList<Order>> DueAsync(DateTimeOffset now, bool paymentUnderWay, int limit) =>
        nextDue.Get() is not { } due || due > now
            ? Task.FromResult<IReadOnlyList<Order>>([])
            : Rows(session =>
                session.Query(
                    $"""
                    {Select} WHERE status = 0 AND expires_at <= ?1 AND (payment_status IS NOT NULL AND payment_status = 0) = ?2
                    ORDER BY expires_at LIMIT ?3
                    """,
                    OrderRow.Read,
                    now,
                    paymentUnderWay,
                    limit
                )
            );

    public Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit) =>
        Snapshot(session => buyers.Of(session, buyerId, before, limit).Select(id => Find(session, id)).OfType<Order>().ToList());

    public Task<IReadOnlyList<Order>> ActiveOfEventAsync(Guid eventId, Guid? after, int limit) =>
        Rows(session =>
            session.Query(
                $"{Select} WHERE event_id = ?1 AND status IN (0, 1) AND (?2 IS NULL OR id > ?2) ORDER BY id LIMIT ?3",
                OrderRow.Read,
                eventId,
                after,
                limit
            )
        );

    public Task<IReadOnlyList<Order>> OwedAtCounterAsync(Guid? after, int limit) =>
        Rows(session =>
            session.Query($"{Select} WHERE owed IS NOT NULL AND (?1 IS NULL OR id > ?1) ORDER BY id LIMIT ?2", OrderRow.Read, after, limit)
        );

    public Task<IReadOnlyList<Order>> OfCounterEmailAsync(string email) =>
        Rows(session =>
            session.Query($"{Select} WHERE counter IS NOT NULL AND lower(counter ->> 'email') = lower(?1)", OrderRow.Read, email)
        );

    public Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit) =>
        Rows(session => session.Query($"{Select} WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2", OrderRow.Read, after, limit));

    public Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds)
    {
        // What is not the id of an order may be that of a block.
        var ids = JsonSerializer.Serialize(orderIds.Select(id => id.ToString("N")));
        var pending = database.Read(session =>
            session.Query(
                $"""
                WITH wanted(id) AS MATERIALIZED (SELECT unhex(value) FROM json_each(?1))
                SELECT id FROM wanted JOIN orders USING (id) WHERE told > ({SqliteOutbox.SelectDelivered})
                UNION ALL
                SELECT id FROM wanted JOIN ticket_blocks USING (id) WHERE told > ({SqliteOutbox.SelectDelivered})
                """,
                row => row.Id(0),
                ids
            )
        );
        return Task.FromResult<IReadOnlySet<Guid>>(pending.ToHashSet());
    }

    public Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync()
    {
        // One statement, so that it reads one moment while orders change. The ticket's id is computed as TaggedId.Of does.
        var (claims, tickets, matches) = database.Read(session =>
            session.First(
                """
                SELECT
                    (SELECT COUNT(*) FROM claims),
                    (SELECT COALESCE(SUM(json_array_length(tickets)), 0) FROM orders WHERE status IN (0, 1))
                        - (SELECT COUNT(*) FROM orders JOIN json_each(orders.tickets) AS ticket
                            WHERE status IN (0, 1) AND refunds IS NOT NULL AND ticket.value ->> 'Released')
                        + (SELECT COALESCE(SUM(tickets), 0) FROM ticket_blocks WHERE released_at IS NULL),
                    (SELECT COUNT(*) FROM orders JOIN json_each(orders.tickets) AS ticket JOIN claims
                        ON claims.order_id = orders.id AND claims.ticket_id = unhex(
                            substr(hex(event_id), 1, 12) || '8' || substr(hex(event_id), 14, 15)
                            || printf('%04X', ticket.value ->> 'Number'))
                        WHERE status IN (0, 1) AND NOT COALESCE(ticket.value ->> 'Released', 0))
                        + (SELECT COUNT(*)
                            FROM (SELECT *, substr(hex(event_id), 1, 12) || '8' || substr(hex(event_id), 14, 15) AS base FROM ticket_blocks)
                                AS block
                            JOIN json_each(block.ranges) AS range JOIN claims
                            ON claims.order_id = block.id AND claims.ticket_id
                                BETWEEN unhex(base || printf('%04X', range.value ->> 'First'))
                                AND unhex(base || printf('%04X', range.value ->> 'Last'))
                            WHERE block.released_at IS NULL)
                """,
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))
            )
        );
        return Task.FromResult((claims - matches, tickets - matches, claims));
    }

    private static Order? Find(SqliteSession session, Guid id) => session.First($"{Select} WHERE id = ?1", OrderRow.Read, id);

    private Task<IReadOnlyList<T>> Snapshot<T>(Func<SqliteSession, List<T>> query) =>
        Task.FromResult<IReadOnlyList<T>>(database.ReadSnapshot(query));

    private Task<IReadOnlyList<T>> Rows<T>(Func<SqliteSession, List<T>> query) => Task.FromResult<IReadOnlyList<T>>(database.Read(query));
}
