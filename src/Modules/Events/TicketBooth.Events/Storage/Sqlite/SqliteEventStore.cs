using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>Events in the module's SQLite file.</summary>
internal sealed class SqliteEventStore(SqliteEventsDatabase database) : IEventStore
{
    public IOutbox Outbox => database.Outbox;

    public Task<bool> AddAsync(Event made) =>
        database.WriteAsync(session =>
        {
            var rows = session.Execute(
                """
                INSERT INTO events(
                    id, revision, is_published, is_canceled, name, venue, search, description, starts_at, published_at, ends_selling_at,
                    capacity, currency, large, version, policy, by_demand, operations, undo, changed_at, blocks, refunds)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
                ON CONFLICT(id) DO NOTHING
                """,
                EventRows.ValuesOf(made)
            );
            if (rows == 0)
            {
                return false;
            }

            EventRows.WriteTiers(session, made);
            return true;
        });

    public async Task<bool> ChangeAsync(Guid id, Func<Event, EventWrite?> decide)
    {
        var hasMessages = false;
        var isWritten = await database.WriteAsync(session =>
        {
            if (EventRows.Find(session, id) is not { } current || decide(current) is not { } write)
            {
                return false;
            }

            session.Execute(
                """
                UPDATE events SET
                    revision = ?2, is_published = ?3, is_canceled = ?4, name = ?5, venue = ?6, search = ?7, description = ?8,
                    starts_at = ?9, published_at = ?10, ends_selling_at = ?11, capacity = ?12, currency = ?13, large = ?14,
                    version = ?15, policy = ?16, by_demand = ?17, operations = ?18, undo = ?19,
                    changed_at = ?20, blocks = ?21, refunds = ?22
                WHERE id = ?1
                """,
                EventRows.ValuesOf(write.Changed)
            );
            EventRows.WriteTiers(session, write.Changed);
            Write(session, id, write.Records);
            hasMessages = write.Records.Messages.Count > 0;
            return true;
        });
        if (isWritten && hasMessages)
        {
            database.Outbox.Signal();
        }

        return isWritten;
    }

    public Task<bool> DeleteDraftAsync(Guid id) =>
        database.WriteAsync(session =>
        {
            if (session.Number("SELECT COUNT(*) FROM events WHERE id = ?1 AND is_published = 0", id) == 0)
            {
                return false;
            }

            session.Execute("DELETE FROM ticket_ranges WHERE event_id = ?1", id);
            session.Execute("DELETE FROM tiers WHERE event_id = ?1", id);
            session.Execute("DELETE FROM policy_changes WHERE event_id = ?1", id);
            session.Execute("DELETE FROM events WHERE id = ?1", id);
            return true;
        });

    public Task<Event?> FindAsync(Guid id) => Task.FromResult(database.ReadAtOneMoment(session => EventRows.Find(session, id)));

    public Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(IReadOnlyCollection<Guid> ids) =>
        Task.FromResult<IReadOnlyDictionary<Guid, long>>(
            database.Read(session =>
            {
                var versions = new Dictionary<Guid, long>(ids.Count);
                foreach (var id in ids)
                {
                    // Versions begin at 1.
                    if (session.Number("SELECT version FROM events INDEXED BY events_versions WHERE id = ?1", id) is > 0 and var version)
                    {
                        versions[id] = version;
                    }
                }

                return versions;
            })
        );

    public Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> ids)
    {
        var wanted = JsonSerializer.Serialize(ids.Select(id => id.ToString("N")));
        var pending = database.Read(session =>
            session.Query(
                $"""
                SELECT id FROM events
                WHERE id IN (SELECT unhex(value) FROM json_each(?1)) AND told > ({SqliteOutbox.SelectDelivered})
                """,
                row => row.Id(0),
                wanted
            )
        );
        return Task.FromResult<IReadOnlySet<Guid>>(pending.ToHashSet());
    }

    public Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter)
    {
        // There is one statement per number of words and status. Both are few, so the prepared statements stay few too.
        var matches = new StringBuilder();
        var values = new List<object?>
        {
            filter.IncludeUnpublished ? 0 : 1,
            filter.StartsFrom?.UtcTicks ?? 0,
            filter.StartsBefore?.UtcTicks ?? long.MaxValue,
            filter.After?.StartsAtTicks ?? -1,
            filter.After?.Id ?? Guid.Empty,
            filter.Limit,
            filter.InStatus?.At.UtcTicks ?? 0,
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
            SELECT
                e.id, e.name, e.venue, e.is_published, e.is_canceled, e.starts_at, e.ends_selling_at, e.published_at,
                e.currency, e.capacity,
                SUM(MAX(0, t.released - t.off_sale - t.held - t.sold)),
                COALESCE(MIN(CASE WHEN t.released - t.off_sale > t.held + t.sold THEN t.price END), MIN(t.price))
            FROM (
                SELECT id, name, venue, is_published, is_canceled, starts_at, ends_selling_at, published_at, currency, capacity
                FROM events
                WHERE is_published >= ?1 AND starts_at >= ?2 AND starts_at < ?3 AND (starts_at, id) > (?4, ?5)
                    AND {InStatus(filter.InStatus?.Status)}{matches}
                ORDER BY starts_at, id LIMIT ?6) e
            JOIN tiers t ON t.event_id = e.id
            GROUP BY e.starts_at, e.id
            ORDER BY e.starts_at, e.id
            """;
        return Task.FromResult<IReadOnlyList<EventListing>>(
            database.Read(session => session.Query(statement, ReadListing, values.ToArray()))
        );
    }

    /// <summary>
    /// As <see cref="EventPhase.StatusAt"/>, at the time in <c>?7</c>. Each case names it: a bound value must be in the statement.
    /// </summary>
    private static string InStatus(EventStatus? status) =>
        status switch
        {
            EventStatus.Draft => "is_published = 0 AND is_canceled = 0 AND ?7 >= 0",
            EventStatus.Canceled => "is_canceled = 1 AND ?7 >= 0",
            EventStatus.Published => "is_published = 1 AND is_canceled = 0 AND MAX(starts_at, ends_selling_at) > ?7",
            EventStatus.Ended => "is_published = 1 AND is_canceled = 0 AND MAX(starts_at, ends_selling_at) <= ?7",
            _ => "?7 >= 0",
        };

    public Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<Guid>>(
            database.Read(session =>
                session.Query("SELECT id FROM events WHERE id > ?1 ORDER BY id LIMIT ?2", row => row.Id(0), after, limit)
            )
        );

    public Task<IReadOnlyList<PricedEvent>> PricedByDemandAsync(DateTimeOffset now) =>
        Task.FromResult<IReadOnlyList<PricedEvent>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT id, version, (SELECT SUM(held + sold) FROM tiers WHERE event_id = events.id) FROM events
                    WHERE by_demand = 1 AND ends_selling_at > ?1 AND published_at <= ?1 AND is_published = 1 AND is_canceled = 0
                    """,
                    row => new PricedEvent(row.Id(0), row.GetInt64(1), row.GetInt32(2)),
                    now
                )
            )
        );

    private static void Write(SqliteSession session, Guid id, EventRecords records)
    {
        if (SqliteOutbox.Append(session, records.Messages) is { Count: > 0 } told)
        {
            session.Execute("UPDATE events SET told = ?2 WHERE id = ?1", id, told[^1].Sequence);
        }

        SqlitePriceHistoryStore.Write(session, records.Prices, records.Policy);
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
