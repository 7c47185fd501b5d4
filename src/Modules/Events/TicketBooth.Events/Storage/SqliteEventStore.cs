using System.Globalization;
using System.Text;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;

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

    // What a store of the first schema holds has prices that nothing has moved; its version is its revision.
    private const string PricingSchema = """
        ALTER TABLE events ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE events ADD COLUMN policy TEXT NOT NULL DEFAULT '{"mode":"off"}';
        ALTER TABLE events ADD COLUMN by_demand INTEGER NOT NULL DEFAULT 0;
        UPDATE events SET version = revision;
        CREATE INDEX events_by_demand ON events(ends_selling_at) WHERE by_demand = 1;
        ALTER TABLE tiers ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tiers ADD COLUMN demand INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tiers ADD COLUMN adjustment INTEGER NOT NULL DEFAULT 1000000;
        ALTER TABLE tiers ADD COLUMN moved_at INTEGER;
        UPDATE tiers SET base = price;
        CREATE TABLE demand(
            event_id BLOB NOT NULL, minute INTEGER NOT NULL, tier_id BLOB NOT NULL, held INTEGER NOT NULL, sold INTEGER NOT NULL,
            PRIMARY KEY(event_id, minute, tier_id)) WITHOUT ROWID;
        CREATE TABLE price_changes(
            event_id BLOB NOT NULL, version INTEGER NOT NULL, tier_id BLOB NOT NULL, at INTEGER NOT NULL, from_price INTEGER, to_price INTEGER NOT NULL, cause TEXT NOT NULL,
            PRIMARY KEY(event_id, version, tier_id)) WITHOUT ROWID;
        CREATE TABLE policy_changes(
            event_id BLOB NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL,
            PRIMARY KEY(event_id, version)) WITHOUT ROWID;
        INSERT INTO price_changes(event_id, version, tier_id, at, to_price, cause)
            SELECT e.id, e.revision, t.id, e.published_at, t.price, '{"reason":"published"}' FROM events e JOIN tiers t ON t.event_id = e.id WHERE e.is_published = 1;
        """;

    private readonly SqliteDatabase database;
    private readonly SqliteOutbox outbox;

    public SqliteEventStore(EmbeddedStorage storage)
    {
        database = storage.Open("events", [SqliteOutbox.Schema, Schema, PricingSchema]);
        outbox = new SqliteOutbox("events", database);
    }

    public IOutbox Outbox => outbox;

    public Task AddAsync(Event made) =>
        database.WriteAsync(session =>
        {
            session.Execute(
                """
                INSERT INTO events(
                    id, revision, is_published, is_canceled, name, venue, search, description, starts_at, published_at, ends_selling_at, capacity, currency, large,
                    version, policy, by_demand)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                """,
                ValuesOf(made)
            );
            WriteTiers(session, made);
        });

    public async Task<bool> ReplaceAsync(Event changed, EventRecords records)
    {
        var isWritten = await database.WriteAsync(session =>
        {
            var rows = session.Execute(
                """
                UPDATE events SET
                    revision = ?2, is_published = ?3, is_canceled = ?4, name = ?5, venue = ?6, search = ?7, description = ?8,
                    starts_at = ?9, published_at = ?10, ends_selling_at = ?11, capacity = ?12, currency = ?13, large = ?14, version = ?15, policy = ?16, by_demand = ?17
                WHERE id = ?1 AND version = ?15 - 1
                """,
                ValuesOf(changed)
            );
            if (rows == 0)
            {
                return false;
            }

            WriteTiers(session, changed);
            Write(session, records);
            return true;
        });
        if (isWritten && records.Messages.Count > 0)
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
            values.Add(
                "%"
                    + word.Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("%", "\\%", StringComparison.Ordinal)
                        .Replace("_", "\\_", StringComparison.Ordinal)
                    + "%"
            );
            matches.Append(CultureInfo.InvariantCulture, $" AND search LIKE ?{values.Count} ESCAPE '\\'");
        }

        var statement = $"""
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
        return Task.FromResult<IReadOnlyList<EventListing>>(
            database.Read(session => session.Query(statement, ReadListing, values.ToArray()))
        );
    }

    public Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last) =>
        Task.FromResult<IReadOnlyList<TakenTicket>>(
            database.Read(session =>
                session.Query(
                    "SELECT number, MAX(sold) FROM holders WHERE event_id = ?1 AND number BETWEEN ?2 AND ?3 GROUP BY number ORDER BY number",
                    row => new TakenTicket(row.GetInt32(0), row.GetInt32(1) == 1 ? TicketState.Sold : TicketState.OnPayment),
                    eventId,
                    first,
                    last
                )
            )
        );

    public Task<bool> ApplyAsync(Sale sale, InboxKey key, DateTimeOffset now) =>
        database.WriteAsync(session => SqliteOutbox.TryEnter(session, key) && Apply(session, sale));

    public Task<IReadOnlyList<PriceChange>> PriceChangesAsync(Guid eventId, Guid? tierId, (long Version, Guid TierId)? after, int limit)
    {
        // Newest first and then by tier: what stands after one is of the same version with a higher tier, or of a lower version.
        var (version, tier) = after ?? (long.MaxValue, Guid.Empty);
        return Task.FromResult<IReadOnlyList<PriceChange>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT version, tier_id, at, from_price, to_price, cause FROM price_changes
                    WHERE event_id = ?1 AND (version < ?2 OR (version = ?2 AND tier_id > ?3)) AND (?4 IS NULL OR tier_id = ?4)
                    ORDER BY version DESC, tier_id LIMIT ?5
                    """,
                    row => new PriceChange(
                        eventId,
                        row.GetInt64(0),
                        row.Id(1),
                        row.Time(2),
                        row.NumberOrNull(3),
                        row.GetInt64(4),
                        PricingJson.Read<PriceCause>(row.GetString(5))
                    ),
                    eventId,
                    version,
                    tier,
                    tierId,
                    limit
                )
            )
        );
    }

    public Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit) =>
        Task.FromResult<IReadOnlyList<PolicyChange>>(
            database.Read(session =>
                session.Query(
                    "SELECT change FROM policy_changes WHERE event_id = ?1 ORDER BY version DESC LIMIT ?2",
                    row => PricingJson.Read<PolicyChange>(row.GetString(0)),
                    eventId,
                    limit
                )
            )
        );

    public Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute) =>
        Task.FromResult<IReadOnlyList<DemandMinute>>(
            database.Read(session =>
                session.Query(
                    "SELECT minute, tier_id, held, sold FROM demand WHERE event_id = ?1 AND minute >= ?2 ORDER BY minute, tier_id",
                    row => new DemandMinute(row.GetInt64(0), row.Id(1), row.GetInt32(2), row.GetInt32(3)),
                    eventId,
                    fromMinute
                )
            )
        );

    public Task ForgetDemandAsync(long beforeMinute) =>
        database.WriteAsync(session => session.Execute("DELETE FROM demand WHERE minute < ?1", beforeMinute));

    public Task<IReadOnlyList<Guid>> PricedByDemandAsync(DateTimeOffset now) =>
        Task.FromResult<IReadOnlyList<Guid>>(
            database.Read(session =>
                session.Query(
                    "SELECT id FROM events WHERE by_demand = 1 AND ends_selling_at > ?1 AND published_at <= ?1 AND is_published = 1 AND is_canceled = 0",
                    row => row.Id(0),
                    now
                )
            )
        );

    public Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<Guid>>(
            database.Read(session =>
                session.Query("SELECT id FROM events WHERE id > ?1 ORDER BY id LIMIT ?2", row => row.Id(0), after, limit)
            )
        );

    public Task<Ledger?> LedgerAsync(Guid eventId) =>
        Task.FromResult(
            database.Read(session =>
                AtOneMoment(session, () =>
                    Load(session, eventId) is not { } found
                        ? null
                        : new Ledger(
                            found,
                            session.Query(
                                "SELECT number, order_id, sold FROM holders WHERE event_id = ?1 ORDER BY number",
                                row => new Claim(row.GetInt32(0), row.Id(1), row.GetInt32(2) == 1),
                                eventId
                            ),
                            session.Query(
                                "SELECT event_id, order_id, revision, state, tickets FROM sales WHERE event_id = ?1 AND state <> 0",
                                ReadSale,
                                eventId
                            )
                        )
                )
            )
        );

    public Task<IReadOnlyDictionary<Guid, KnownSale>> SalesAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders) =>
        Task.FromResult<IReadOnlyDictionary<Guid, KnownSale>>(
            database.Read(session =>
                orders
                    .Select(order => FindSale(session, order.EventId, order.OrderId))
                    .OfType<KnownSale>()
                    .ToDictionary(sale => sale.OrderId)
            )
        );

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
            sale.EventId,
            sale.OrderId,
            sale.Revision,
            (int)sale.State,
            sale.Tickets.Count
        );
        var former = known?.State ?? TicketState.Available;
        if (former == sale.State)
        {
            return false;
        }

        var changes = new Dictionary<Guid, (int Held, int Sold)>(1);
        foreach (var ticket in sale.Tickets)
        {
            // What the ticket is without this order; a higher state outranks a lower one.
            var others = (TicketState)
                session.Number(
                    "SELECT MAX(sold) + 1 FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id <> ?3",
                    sale.EventId,
                    ticket.Number,
                    sale.OrderId
                );
            var (before, after) = (Max(others, former), Max(others, sale.State));
            var (held, sold) = changes.GetValueOrDefault(ticket.TierId);
            changes[ticket.TierId] = (
                held + One(after == TicketState.OnPayment) - One(before == TicketState.OnPayment),
                sold + One(after == TicketState.Sold) - One(before == TicketState.Sold)
            );
            WriteClaim(session, sale, ticket.Number);
        }

        var minute = DemandMinute.Of(sale.At);
        foreach (var (tierId, (held, sold)) in changes)
        {
            // Also when the difference is zero: a tier that is not there must not pass unnoticed.
            if (
                session.Execute(
                    "UPDATE tiers SET held = held + ?3, sold = sold + ?4 WHERE event_id = ?1 AND id = ?2",
                    sale.EventId,
                    tierId,
                    held,
                    sold
                ) == 0
            )
            {
                throw new InvalidOperationException(
                    $"Order {sale.OrderId} has tickets of the tier {tierId}, which the event {sale.EventId} does not have."
                );
            }

            if ((held, sold) == default)
            {
                continue;
            }

            session.Execute(
                """
                INSERT INTO demand(event_id, minute, tier_id, held, sold) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(event_id, minute, tier_id) DO UPDATE SET held = held + excluded.held, sold = sold + excluded.sold
                """,
                sale.EventId,
                minute,
                tierId,
                held,
                sold
            );
        }

        return true;
    }

    private static void WriteClaim(SqliteSession session, Sale sale, int number)
    {
        if (sale.State == TicketState.Available)
        {
            session.Execute(
                "DELETE FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id = ?3",
                sale.EventId,
                number,
                sale.OrderId
            );
        }
        else
        {
            session.Execute(
                """
                INSERT INTO holders(event_id, number, order_id, sold) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT(event_id, number, order_id) DO UPDATE SET sold = excluded.sold
                """,
                sale.EventId,
                number,
                sale.OrderId,
                sale.State == TicketState.Sold
            );
        }
    }

    private static TicketState Max(TicketState one, TicketState other) => one > other ? one : other;

    private static int One(bool isSo) => isSo ? 1 : 0;

    private static KnownSale? FindSale(SqliteSession session, Guid eventId, Guid orderId) =>
        session.First(
            "SELECT event_id, order_id, revision, state, tickets FROM sales WHERE event_id = ?1 AND order_id = ?2",
            ReadSale,
            eventId,
            orderId
        );

    private static KnownSale ReadSale(SqliteRow row) =>
        new(row.Id(1), row.Id(0), row.GetInt32(2), (TicketState)row.GetInt32(3), row.GetInt32(4));

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
            written.Id,
            written.Revision,
            written.IsPublished,
            written.IsCanceled,
            written.Name,
            written.Venue,
            SearchText.Of(written),
            written.Description,
            written.StartsAt,
            written.PublishedAt,
            written.EndsSellingAt,
            written.Capacity,
            written.Currency,
            written.Large,
            written.Version,
            PricingJson.Write(written.Policy),
            written.Policy is { Mode: PricingMode.Demand, Paused: false },
        ];

    private static void Write(SqliteSession session, EventRecords records)
    {
        foreach (var message in records.Messages)
        {
            SqliteOutbox.Append(session, message);
        }

        foreach (var change in records.Prices)
        {
            session.Execute(
                "INSERT INTO price_changes(event_id, version, tier_id, at, from_price, to_price, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                change.EventId,
                change.Version,
                change.TierId,
                change.At,
                change.From,
                change.To,
                PricingJson.Write(change.Cause)
            );
        }

        if (records.Policy is { } policy)
        {
            session.Execute(
                "INSERT INTO policy_changes(event_id, version, at, change) VALUES (?1, ?2, ?3, ?4)",
                policy.EventId,
                policy.Version,
                policy.At,
                PricingJson.Write(policy)
            );
        }
    }

    private static void WriteTiers(SqliteSession session, Event written)
    {
        var stays = written.Tiers.Select(tier => tier.Id).ToHashSet();
        foreach (
            var gone in session
                .Query("SELECT id FROM tiers WHERE event_id = ?1", row => row.Id(0), written.Id)
                .Where(id => !stays.Contains(id))
        )
        {
            session.Execute("DELETE FROM tiers WHERE event_id = ?1 AND id = ?2", written.Id, gone);
        }

        session.Execute("DELETE FROM ticket_ranges WHERE event_id = ?1", written.Id);
        for (var position = 0; position < written.Tiers.Count; position++)
        {
            var tier = written.Tiers[position];
            session.Execute(
                """
                INSERT INTO tiers(event_id, id, position, name, price, floor, ceiling, released, base, demand, adjustment, moved_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                ON CONFLICT(event_id, id) DO UPDATE SET
                    position = excluded.position, name = excluded.name, price = excluded.price, floor = excluded.floor, ceiling = excluded.ceiling,
                    released = excluded.released, base = excluded.base, demand = excluded.demand, adjustment = excluded.adjustment, moved_at = excluded.moved_at
                """,
                written.Id,
                tier.Id,
                position,
                tier.Name,
                tier.Price,
                tier.Pricing.Floor,
                tier.Pricing.Ceiling,
                tier.Released,
                tier.Pricing.Base,
                tier.Pricing.Demand,
                tier.Pricing.Adjustment,
                tier.Pricing.MovedAt
            );
            foreach (var range in tier.Tickets)
            {
                session.Execute(
                    "INSERT INTO ticket_ranges(event_id, first, count, tier_id) VALUES (?1, ?2, ?3, ?4)",
                    written.Id,
                    range.First,
                    range.Count,
                    tier.Id
                );
            }
        }
    }

    private static Event? Load(SqliteSession session, Guid id)
    {
        var found = session.First(
            """
            SELECT id, version, revision, is_published, is_canceled, name, venue, description, starts_at, published_at, ends_selling_at, capacity, currency, large, policy
            FROM events WHERE id = ?1
            """,
            row => new Event(
                row.Id(0),
                row.GetInt64(1),
                row.GetInt64(2),
                row.Flag(3),
                row.Flag(4),
                row.GetString(5),
                row.GetString(6),
                row.GetString(7),
                row.Time(8),
                row.TimeOrNull(9),
                row.Time(10),
                row.GetInt32(11),
                row.GetString(12),
                row.Flag(13),
                PricingJson.Read<PricingPolicy>(row.GetString(14)),
                []
            ),
            id
        );
        if (found is null)
        {
            return null;
        }

        var ranges = session
            .Query(
                "SELECT tier_id, first, count FROM ticket_ranges WHERE event_id = ?1 ORDER BY first",
                row => (Tier: row.Id(0), Range: new TicketRange(row.GetInt32(1), row.GetInt32(2))),
                id
            )
            .ToLookup(range => range.Tier, range => range.Range);
        return found with
        {
            Tiers = session.Query(
                "SELECT id, name, price, base, floor, ceiling, demand, adjustment, moved_at, held, sold FROM tiers WHERE event_id = ?1 ORDER BY position",
                row => new Tier(
                    row.Id(0),
                    row.GetString(1),
                    new TierPricing(
                        row.GetInt64(2),
                        row.GetInt64(3),
                        row.NumberOrNull(4),
                        row.NumberOrNull(5),
                        row.GetInt32(6),
                        row.GetInt64(7),
                        row.TimeOrNull(8)
                    ),
                    [.. ranges[row.Id(0)]],
                    row.GetInt32(9),
                    row.GetInt32(10)
                ),
                id
            ),
        };
    }

    private static EventListing ReadListing(SqliteRow row) =>
        new(
            row.Id(0),
            row.GetString(1),
            row.GetString(2),
            new EventPhase(row.Flag(3), row.Flag(4), row.Time(5), row.Time(6)),
            row.TimeOrNull(7),
            row.GetString(8),
            row.GetInt32(9),
            row.GetInt32(10),
            row.GetInt64(11)
        );
}
