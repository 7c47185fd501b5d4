using System.Text.Json;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Storage;

/// <summary>A shard in a SQLite file: the claims table's primary key is the unique index that decides who gets a ticket.</summary>
internal sealed class SqliteOrderStore(SqliteDatabase database, SqliteOutbox outbox) : IOrderStore
{
    public static readonly string[] Schema =
    [
        """
            CREATE TABLE orders(
                id BLOB NOT NULL PRIMARY KEY, event_id BLOB NOT NULL, buyer_id BLOB NOT NULL, status INTEGER NOT NULL, tickets TEXT NOT NULL,
                total INTEGER NOT NULL, currency TEXT NOT NULL, placed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                payment_id BLOB, payment_status INTEGER, revision INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX orders_buyer ON orders(buyer_id, id);
            CREATE INDEX orders_due ON orders(expires_at) WHERE status = 0;
            CREATE TABLE claims(ticket_id BLOB NOT NULL PRIMARY KEY, order_id BLOB NOT NULL) WITHOUT ROWID;
            """,
        SqliteOutbox.Schema,
        "ALTER TABLE orders ADD COLUMN refunded_payments TEXT",
        "ALTER TABLE orders ADD COLUMN paid_at INTEGER; ALTER TABLE orders ADD COLUMN ended_at INTEGER",
    ];

    private const string Columns =
        "id, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, payment_id, payment_status, revision, version, refunded_payments, paid_at, ended_at";

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes)
    {
        var outcomes = await database.WriteAsync(session =>
        {
            var results = new WriteOutcome[writes.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = Write(session, writes[i]);
            }

            return results;
        });
        if (outcomes.Contains(WriteOutcome.Written))
        {
            outbox.Signal();
        }

        return outcomes;
    }

    public Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds) =>
        Rows(session =>
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
        Rows(session =>
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
            // A ticket's id is its event's id with the number at the end, so an event's claims are neighbours in the index.
            var tickets = session.Query(
                "SELECT ticket_id FROM claims WHERE ticket_id BETWEEN ?1 AND ?2",
                row => row.Id(0),
                TaggedId.Of(eventId, 0),
                TaggedId.Of(eventId, ushort.MaxValue)
            );
            return tickets.ConvertAll(ticket => TaggedId.TryReadTag(ticket, out var number) ? (int)number : 0);
        });

    public Task<int> CountTicketsAsync(Guid eventId, Guid buyerId) =>
        Task.FromResult(
            database.Read(session =>
                (int)
                    session.Number(
                        "SELECT SUM(json_array_length(tickets)) FROM orders WHERE buyer_id = ?1 AND event_id = ?2 AND status IN (0, 1)",
                        buyerId,
                        eventId
                    )
            )
        );

    public Task<IReadOnlyList<Order>> DueAsync(DateTimeOffset now, bool paymentUnderWay, int limit) =>
        Rows(session =>
            session.Query(
                $"SELECT {Columns} FROM orders WHERE status = 0 AND expires_at <= ?1 AND (payment_status IS NOT NULL AND payment_status = 0) = ?2 ORDER BY expires_at LIMIT ?3",
                Read,
                now,
                paymentUnderWay,
                limit
            )
        );

    public Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit) =>
        Rows(session =>
            session.Query(
                $"SELECT {Columns} FROM orders WHERE buyer_id = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3",
                Read,
                buyerId,
                before,
                limit
            )
        );

    public Task<IReadOnlyList<Order>> ActiveOfEventAsync(Guid eventId, Guid? after, int limit) =>
        Rows(session =>
            session.Query(
                $"SELECT {Columns} FROM orders WHERE event_id = ?1 AND status IN (0, 1) AND (?2 IS NULL OR id > ?2) ORDER BY id LIMIT ?3",
                Read,
                eventId,
                after,
                limit
            )
        );

    public Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit) =>
        Rows(session =>
            session.Query($"SELECT {Columns} FROM orders WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2", Read, after, limit)
        );

    public Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds)
    {
        var pending = database.Read(SqliteOutbox.PendingKeys);
        pending.IntersectWith(orderIds);
        return Task.FromResult<IReadOnlySet<Guid>>(pending);
    }

    public Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync()
    {
        // One statement, because it runs beside a serving host and must see one moment. A ticket's id is made as TaggedId.Of makes it.
        var (claims, tickets, matches) = database.Read(session =>
            session.First(
                """
                SELECT
                    (SELECT COUNT(*) FROM claims),
                    (SELECT COALESCE(SUM(json_array_length(tickets)), 0) FROM orders WHERE status IN (0, 1)),
                    (SELECT COUNT(*) FROM orders JOIN json_each(orders.tickets) AS ticket JOIN claims ON claims.order_id = orders.id AND claims.ticket_id =
                        unhex(substr(hex(event_id), 1, 12) || '8' || substr(hex(event_id), 14, 15) || printf('%04X', ticket.value ->> 'Number'))
                        WHERE status IN (0, 1))
                """,
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))
            )
        );
        return Task.FromResult((claims - matches, tickets - matches, claims));
    }

    private static WriteOutcome Write(SqliteSession session, OrderWrite write)
    {
        var (change, inbox) = write;
        var order = change.After;
        if (inbox is { } key && !SqliteOutbox.TryEnter(session, key))
        {
            return WriteOutcome.Duplicate;
        }

        var outcome = Store(session, change);
        if (outcome != WriteOutcome.Written)
        {
            if (inbox is { } unused)
            {
                SqliteOutbox.Leave(session, unused);
            }

            return outcome;
        }

        if (change.FreesTickets)
        {
            Release(session, order, order.Tickets.Count);
        }

        foreach (var message in change.Messages)
        {
            SqliteOutbox.Append(session, message);
        }

        return WriteOutcome.Written;
    }

    /// <summary>The claims and the order's row: all of it, or nothing.</summary>
    private static WriteOutcome Store(SqliteSession session, OrderChange change)
    {
        var order = change.After;
        if (change.TakesTickets)
        {
            for (var i = 0; i < order.Tickets.Count; i++)
            {
                if (
                    session.Execute("INSERT OR IGNORE INTO claims(ticket_id, order_id) VALUES (?1, ?2)", order.Tickets[i].Id, order.Id) == 0
                )
                {
                    Release(session, order, count: i);

                    // The one in the way may be this very order, placed by another caller with the same idempotency key.
                    return change.Before is null && session.Number("SELECT COUNT(*) FROM orders WHERE id = ?1", order.Id) != 0
                        ? WriteOutcome.Stale
                        : WriteOutcome.TicketTaken;
                }
            }
        }

        var rows = change.Before is { } before ? Update(session, order, before.Version) : Insert(session, order);
        if (rows == 1)
        {
            return WriteOutcome.Written;
        }

        if (change.TakesTickets)
        {
            Release(session, order, order.Tickets.Count);
        }

        return WriteOutcome.Stale;
    }

    private static int Insert(SqliteSession session, Order order) =>
        session.Execute(
            $"INSERT OR IGNORE INTO orders({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            order.Id,
            order.EventId,
            order.BuyerId,
            (int)order.Status,
            Serialize(order.Tickets),
            order.Total,
            order.Currency,
            order.PlacedAt,
            order.ExpiresAt,
            order.PaymentId,
            (int?)order.PaymentStatus,
            order.Revision,
            order.Version,
            Serialize(order.RefundedPayments),
            order.PaidAt,
            order.EndedAt
        );

    private static int Update(SqliteSession session, Order order, int version) =>
        session.Execute(
            """
            UPDATE orders SET status = ?3, expires_at = ?4, payment_id = ?5, payment_status = ?6, revision = ?7, version = ?8, refunded_payments = ?9, paid_at = ?10, ended_at = ?11
            WHERE id = ?1 AND version = ?2
            """,
            order.Id,
            version,
            (int)order.Status,
            order.ExpiresAt,
            order.PaymentId,
            (int?)order.PaymentStatus,
            order.Revision,
            order.Version,
            Serialize(order.RefundedPayments),
            order.PaidAt,
            order.EndedAt
        );

    private static void Release(SqliteSession session, Order order, int count)
    {
        for (var i = 0; i < count; i++)
        {
            session.Execute("DELETE FROM claims WHERE ticket_id = ?1 AND order_id = ?2", order.Tickets[i].Id, order.Id);
        }
    }

    private static Order? Find(SqliteSession session, Guid id) => session.First($"SELECT {Columns} FROM orders WHERE id = ?1", Read, id);

    private static Order Read(SqliteRow row)
    {
        var eventId = row.Id(1);
        return new Order
        {
            Id = row.Id(0),
            EventId = eventId,
            BuyerId = row.Id(2),
            Status = (OrderStatus)row.GetInt32(3),
            Tickets = Deserialize(row.GetString(4), eventId),
            Total = row.GetInt64(5),
            Currency = row.GetString(6),
            PlacedAt = row.Time(7),
            ExpiresAt = row.Time(8),
            PaymentId = row.IdOrNull(9),
            PaymentStatus = (OrderPaymentStatus?)row.NumberOrNull(10),
            Revision = row.GetInt32(11),
            Version = row.GetInt32(12),
            RefundedPayments = row.Text(13)?.Split(' ').Select(Guid.Parse).ToList() ?? [],
            PaidAt = row.TimeOrNull(14),
            EndedAt = row.TimeOrNull(15),
        };
    }

    private static string Serialize(IReadOnlyList<OrderedTicket> tickets) =>
        JsonSerializer.Serialize(
            tickets.Select(ticket => new StoredTicket(ticket.Number, ticket.TierId, ticket.Price)),
            StorageJson.Default.IEnumerableStoredTicket
        );

    private static string? Serialize(IReadOnlyList<Guid> payments) => payments.Count == 0 ? null : string.Join(' ', payments);

    private static OrderedTicket[] Deserialize(string tickets, Guid eventId) =>
        [
            .. JsonSerializer
                .Deserialize(tickets, StorageJson.Default.IEnumerableStoredTicket)!
                .Select(ticket => new OrderedTicket(
                    TaggedId.Of(eventId, (ushort)ticket.Number),
                    ticket.Number,
                    ticket.TierId,
                    ticket.Price
                )),
        ];

    private Task<IReadOnlyList<T>> Rows<T>(Func<SqliteSession, List<T>> query) => Task.FromResult<IReadOnlyList<T>>(database.Read(query));
}

/// <summary>A ticket as an order's row keeps it; its id follows from the event and the number.</summary>
internal sealed record StoredTicket(int Number, Guid TierId, long Price);

[System.Text.Json.Serialization.JsonSerializable(typeof(IEnumerable<StoredTicket>))]
internal sealed partial class StorageJson : System.Text.Json.Serialization.JsonSerializerContext;
