using System.Globalization;
using System.Text;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage;

/// <summary>Events in one SQLite file.</summary>
internal sealed class SqliteEventStore : IEventStore
{
    private const string Schema = """
        CREATE TABLE events(
            id BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, is_published INTEGER NOT NULL, is_canceled INTEGER NOT NULL,
            name TEXT NOT NULL, venue TEXT NOT NULL, search TEXT NOT NULL, description TEXT NOT NULL,
            starts_at INTEGER NOT NULL, published_at INTEGER, ends_selling_at INTEGER NOT NULL,
            capacity INTEGER NOT NULL, currency TEXT NOT NULL, large INTEGER NOT NULL);
        CREATE INDEX events_by_start ON events(starts_at, id);
        CREATE TABLE tiers(
            event_id BLOB NOT NULL REFERENCES events(id), id BLOB NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
            price INTEGER NOT NULL, floor INTEGER, ceiling INTEGER,
            released INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, sold INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY(event_id, id)) WITHOUT ROWID;
        CREATE TABLE ticket_ranges(
            event_id BLOB NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, tier_id BLOB NOT NULL,
            PRIMARY KEY(event_id, first)) WITHOUT ROWID;
        CREATE TABLE sales(
            event_id BLOB NOT NULL, order_id BLOB NOT NULL, revision INTEGER NOT NULL, state INTEGER NOT NULL, tickets INTEGER NOT NULL,
            PRIMARY KEY(event_id, order_id)) WITHOUT ROWID;
        CREATE TABLE holders(
            event_id BLOB NOT NULL, number INTEGER NOT NULL, order_id BLOB NOT NULL, sold INTEGER NOT NULL,
            PRIMARY KEY(event_id, number, order_id)) WITHOUT ROWID;
        """;

    private readonly SqliteDatabase database;
    private readonly SqliteOutbox outbox;

    public SqliteEventStore(EmbeddedStorage storage)
    {
        database = storage.Open("events", [SqliteOutbox.Schema, Schema]);
        outbox = new SqliteOutbox("events", database);
    }

    public IOutbox Outbox => outbox;

    public Task AddAsync(Event made) => database.WriteAsync(session =>
    {
        session.Execute(
            """
            INSERT INTO events(
                id, revision, is_published, is_canceled, name, venue, search, description, starts_at, published_at, ends_selling_at, capacity, currency, large)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """,
            ValuesOf(made));
        WriteTiers(session, made);
    });

    public async Task<bool> ReplaceAsync(Event changed, OutboxEntry? message)
    {
        var isWritten = await database.WriteAsync(session =>
        {
            var rows = session.Execute(
                """
                UPDATE events SET
                    revision = ?2, is_published = ?3, is_canceled = ?4, name = ?5, venue = ?6, search = ?7, description = ?8,
                    starts_at = ?9, published_at = ?10, ends_selling_at = ?11, capacity = ?12, currency = ?13, large = ?14
                WHERE id = ?1 AND revision = ?2 - 1
                """,
                ValuesOf(changed));
            if (rows == 0)
            {
                return false;
            }

            WriteTiers(session, changed);
            if (message is not null)
            {
                SqliteOutbox.Append(session, message);
            }

            return true;
        });
        if (isWritten && message is not null)
        {
            outbox.Signal();
        }

        return isWritten;
    }

    public Task<Event?> FindAsync(Guid id) => Task.FromResult(database.Read(session => AtOneMoment(session, () => Load(session, id))));

    public Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter)
    {
        // One statement per number of words; the host keeps words few, so the prepared statements stay few too.
        var matches = new StringBuilder();
        var values = new List<object?>
        {
            filter.IncludeUnpublished ? 0 : 1,
            filter.StartsFrom?.UtcTicks ?? 0,
            filter.StartsBefore?.UtcTicks ?? long.MaxValue,
            filter.After?.StartsAtTicks ?? -1,
            filter.After?.Id ?? Guid.Empty,
            filter.Limit,
        };
        foreach (var word in filter.Words)
        {
            values.Add("%" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%");
            matches.Append(CultureInfo.InvariantCulture, $" AND search LIKE ?{values.Count} ESCAPE '\\'");
        }

        var statement =
            $"""
            SELECT e.id, e.name, e.venue, e.is_published, e.is_canceled, e.starts_at, e.ends_selling_at, e.published_at, e.currency, e.capacity,
                SUM(t.released - t.held - t.sold),
                COALESCE(MIN(CASE WHEN t.released > t.held + t.sold THEN t.price END), MIN(t.price))
            FROM (
                SELECT id, name, venue, is_published, is_canceled, starts_at, ends_selling_at, published_at, currency, capacity FROM events
                WHERE is_published >= ?1 AND starts_at >= ?2 AND starts_at < ?3 AND (starts_at, id) > (?4, ?5){matches}
                ORDER BY starts_at, id LIMIT ?6) e
            JOIN tiers t ON t.event_id = e.id
            GROUP BY e.starts_at, e.id
            ORDER BY e.starts_at, e.id
            """;
        return Task.FromResult<IReadOnlyList<EventListing>>(database.Read(session => session.Query(statement, ReadListing, values.ToArray())));
    }

    public Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last) =>
        Task.FromResult<IReadOnlyList<TakenTicket>>(database.Read(session => session.Query(
            "SELECT number, MAX(sold) FROM holders WHERE event_id = ?1 AND number BETWEEN ?2 AND ?3 GROUP BY number ORDER BY number",
            row => new TakenTicket(row.GetInt32(0), row.GetInt32(1) == 1 ? TicketState.Sold : TicketState.OnPayment),
            eventId, first, last)));

    public Task<bool> ApplyAsync(Sale sale, InboxKey key, DateTimeOffset now) => database.WriteAsync(session => SqliteOutbox.TryEnter(session, key) && Apply(session, sale));

    public Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<Guid>>(database.Read(session => session.Query("SELECT id FROM events WHERE id > ?1 ORDER BY id LIMIT ?2", row => row.Id(0), after, limit)));

    public Task<Ledger?> LedgerAsync(Guid eventId) => Task.FromResult(database.Read(session => AtOneMoment(session, () =>
        Load(session, eventId) is not { } found
            ? null
            : new Ledger(
                found,
                session.Query(
                    "SELECT number, order_id, sold FROM holders WHERE event_id = ?1 ORDER BY number", row => new Claim(row.GetInt32(0), row.Id(1), row.GetInt32(2) == 1), eventId),
                session.Query("SELECT event_id, order_id, revision, state, tickets FROM sales WHERE event_id = ?1 AND state <> 0", ReadSale, eventId)))));

    public Task<IReadOnlyDictionary<Guid, KnownSale>> SalesAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders) =>
        Task.FromResult<IReadOnlyDictionary<Guid, KnownSale>>(database.Read(session => orders
            .Select(order => FindSale(session, order.EventId, order.OrderId))
            .OfType<KnownSale>()
            .ToDictionary(sale => sale.OrderId)));

    private static bool Apply(SqliteSession session, Sale sale)
    {
        var known = FindSale(session, sale.EventId, sale.OrderId);
        if (known is not null && known.Revision >= sale.Revision)
        {
            return false;
        }

        session.Execute(
            """
            INSERT INTO sales(event_id, order_id, revision, state, tickets) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(event_id, order_id) DO UPDATE SET revision = excluded.revision, state = excluded.state
            """,
            sale.EventId, sale.OrderId, sale.Revision, (int)sale.State, sale.Tickets.Count);
        var former = known?.State ?? TicketState.Available;
        if (former == sale.State)
        {
            return false;
        }

        var changes = new Dictionary<Guid, (int Held, int Sold)>(1);
        foreach (var ticket in sale.Tickets)
        {
            // What the ticket is without this order; a higher state outranks a lower one.
            var others = (TicketState)session.Number(
                "SELECT MAX(sold) + 1 FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id <> ?3", sale.EventId, ticket.Number, sale.OrderId);
            var (before, after) = (Max(others, former), Max(others, sale.State));
            var (held, sold) = changes.GetValueOrDefault(ticket.TierId);
            changes[ticket.TierId] = (
                held + One(after == TicketState.OnPayment) - One(before == TicketState.OnPayment),
                sold + One(after == TicketState.Sold) - One(before == TicketState.Sold));
            WriteClaim(session, sale, ticket.Number);
        }

        foreach (var (tierId, (held, sold)) in changes)
        {
            // Also when the difference is zero: a tier that is not there must not pass unnoticed.
            if (session.Execute("UPDATE tiers SET held = held + ?3, sold = sold + ?4 WHERE event_id = ?1 AND id = ?2", sale.EventId, tierId, held, sold) == 0)
            {
                throw new InvalidOperationException($"Order {sale.OrderId} has tickets of the tier {tierId}, which the event {sale.EventId} does not have.");
            }
        }

        return true;
    }

    private static void WriteClaim(SqliteSession session, Sale sale, int number)
    {
        if (sale.State == TicketState.Available)
        {
            session.Execute("DELETE FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id = ?3", sale.EventId, number, sale.OrderId);
        }
        else
        {
            session.Execute(
                """
                INSERT INTO holders(event_id, number, order_id, sold) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT(event_id, number, order_id) DO UPDATE SET sold = excluded.sold
                """,
                sale.EventId, number, sale.OrderId, sale.State == TicketState.Sold);
        }
    }

    private static TicketState Max(TicketState one, TicketState other) => one > other ? one : other;

    private static int One(bool isSo) => isSo ? 1 : 0;

    private static KnownSale? FindSale(SqliteSession session, Guid eventId, Guid orderId) => session.First(
        "SELECT event_id, order_id, revision, state, tickets FROM sales WHERE event_id = ?1 AND order_id = ?2", ReadSale, eventId, orderId);

    private static KnownSale ReadSale(SqliteRow row) => new(row.Id(1), row.Id(0), row.GetInt32(2), (TicketState)row.GetInt32(3), row.GetInt32(4));

    /// <summary>Several statements over one snapshot, so that an event never mixes two revisions.</summary>
    private static T AtOneMoment<T>(SqliteSession session, Func<T> read)
    {
        session.Execute("BEGIN");
        try
        {
            return read();
        }
        finally
        {
            session.Execute("COMMIT");
        }
    }

    private static object?[] ValuesOf(Event written) =>
    [
        written.Id, written.Revision, written.IsPublished, written.IsCanceled, written.Name, written.Venue, SearchText.Of(written), written.Description,
        written.StartsAt, written.PublishedAt, written.EndsSellingAt, written.Capacity, written.Currency, written.Large,
    ];

    private static void WriteTiers(SqliteSession session, Event written)
    {
        var stays = written.Tiers.Select(tier => tier.Id).ToHashSet();
        foreach (var gone in session.Query("SELECT id FROM tiers WHERE event_id = ?1", row => row.Id(0), written.Id).Where(id => !stays.Contains(id)))
        {
            session.Execute("DELETE FROM tiers WHERE event_id = ?1 AND id = ?2", written.Id, gone);
        }

        session.Execute("DELETE FROM ticket_ranges WHERE event_id = ?1", written.Id);
        for (var position = 0; position < written.Tiers.Count; position++)
        {
            var tier = written.Tiers[position];
            session.Execute(
                """
                INSERT INTO tiers(event_id, id, position, name, price, floor, ceiling, released) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT(event_id, id) DO UPDATE SET
                    position = excluded.position, name = excluded.name, price = excluded.price, floor = excluded.floor, ceiling = excluded.ceiling,
                    released = excluded.released
                """,
                written.Id, tier.Id, position, tier.Name, tier.Price, tier.Floor, tier.Ceiling, tier.Released);
            foreach (var range in tier.Tickets)
            {
                session.Execute("INSERT INTO ticket_ranges(event_id, first, count, tier_id) VALUES (?1, ?2, ?3, ?4)", written.Id, range.First, range.Count, tier.Id);
            }
        }
    }

    private static Event? Load(SqliteSession session, Guid id)
    {
        var found = session.First(
            """
            SELECT id, revision, is_published, is_canceled, name, venue, description, starts_at, published_at, ends_selling_at, capacity, currency, large
            FROM events WHERE id = ?1
            """,
            row => new Event(
                row.Id(0), row.GetInt64(1), row.Flag(2), row.Flag(3), row.GetString(4), row.GetString(5), row.GetString(6),
                row.Time(7), row.TimeOrNull(8), row.Time(9), row.GetInt32(10), row.GetString(11), row.Flag(12), []),
            id);
        if (found is null)
        {
            return null;
        }

        var ranges = session
            .Query("SELECT tier_id, first, count FROM ticket_ranges WHERE event_id = ?1 ORDER BY first", row => (Tier: row.Id(0), Range: new TicketRange(row.GetInt32(1), row.GetInt32(2))), id)
            .ToLookup(range => range.Tier, range => range.Range);
        return found with
        {
            Tiers = session.Query(
                "SELECT id, name, price, floor, ceiling, held, sold FROM tiers WHERE event_id = ?1 ORDER BY position",
                row => new Tier(
                    row.Id(0), row.GetString(1), row.GetInt64(2), row.NumberOrNull(3), row.NumberOrNull(4),
                    [.. ranges[row.Id(0)]], row.GetInt32(5), row.GetInt32(6)),
                id),
        };
    }

    private static EventListing ReadListing(SqliteRow row) => new(
        row.Id(0), row.GetString(1), row.GetString(2), new EventPhase(row.Flag(3), row.Flag(4), row.Time(5), row.Time(6)),
        row.TimeOrNull(7), row.GetString(8), row.GetInt32(9), row.GetInt32(10), row.GetInt64(11));
}
