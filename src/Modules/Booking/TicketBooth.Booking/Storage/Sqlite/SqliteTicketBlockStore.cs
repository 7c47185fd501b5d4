using System.Text.Json;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>The blocks of a shard, in the shard's file: they share the claims table with its orders.</summary>
internal sealed class SqliteTicketBlockStore(SqliteDatabase database, SqliteOutbox outbox) : ITicketBlockStore
{
    public const string Schema = """
        CREATE TABLE ticket_blocks(
            id BLOB NOT NULL PRIMARY KEY, event_id BLOB NOT NULL, kind INTEGER NOT NULL, ranges TEXT NOT NULL, tickets INTEGER NOT NULL,
            reason TEXT NOT NULL, by_id BLOB NOT NULL, by_name TEXT NOT NULL, at INTEGER NOT NULL,
            released_by_id BLOB, released_by_name TEXT, released_at INTEGER) WITHOUT ROWID;
        CREATE INDEX ticket_blocks_event ON ticket_blocks(event_id, id)
        """;

    private const string Columns =
        "id, event_id, kind, ranges, tickets, reason, by_id, by_name, at, released_by_id, released_by_name, released_at";

    private const string Select = "SELECT " + Columns + " FROM ticket_blocks";

    public async Task<WriteOutcome> AddAsync(TicketBlock block)
    {
        var outcome = await database.WriteAsync(session => Add(session, block));
        if (outcome == WriteOutcome.Written)
        {
            outbox.Signal();
        }

        return outcome;
    }

    public async Task<bool> ReleaseAsync(TicketBlock released)
    {
        var isWritten = await database.WriteAsync(session =>
        {
            var rows = session.Execute(
                """
                UPDATE ticket_blocks SET released_by_id = ?2, released_by_name = ?3, released_at = ?4
                WHERE id = ?1 AND released_at IS NULL
                """,
                released.Id,
                released.ReleasedBy!.Id,
                released.ReleasedBy.Name,
                released.ReleasedAt
            );
            if (rows == 0)
            {
                return false;
            }

            Free(session, released, released.TicketIds);
            SqliteEventFrees.Add(session, released.EventId);
            Tell(session, released);
            return true;
        });
        if (isWritten)
        {
            outbox.Signal();
        }

        return isWritten;
    }

    public Task<TicketBlock?> FindAsync(Guid id) =>
        Task.FromResult(database.Read(session => session.First($"{Select} WHERE id = ?1", Read, id)));

    public Task<IReadOnlySet<Guid>> BlockedAsync(IReadOnlyCollection<Guid> ticketIds) =>
        Task.FromResult<IReadOnlySet<Guid>>(
            database.Read(session =>
                ticketIds
                    .Where(ticket =>
                        session.Number(
                            "SELECT COUNT(*) FROM claims JOIN ticket_blocks ON ticket_blocks.id = claims.order_id WHERE ticket_id = ?1",
                            ticket
                        ) > 0
                    )
                    .ToHashSet()
            )
        );

    public Task<IReadOnlyList<TicketBlock>> OfEventAsync(Guid eventId, Guid? before, int limit) =>
        Rows($"{Select} WHERE event_id = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3", eventId, before, limit);

    public Task<IReadOnlyList<TicketBlock>> PageAsync(Guid? after, int limit) =>
        Rows($"{Select} WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2", after, limit);

    private static WriteOutcome Add(SqliteSession session, TicketBlock block)
    {
        var rows = session.Execute(
            $"INSERT OR IGNORE INTO ticket_blocks({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, NULL, NULL)",
            block.Id,
            block.EventId,
            (int)block.Kind,
            JsonSerializer.Serialize(block.Tickets, StorageJson.Default.IReadOnlyListNumberRange),
            block.Count,
            block.Reason,
            block.By.Id,
            block.By.Name,
            block.At
        );
        if (rows == 0)
        {
            return WriteOutcome.Stale;
        }

        var claimed = new List<Guid>();
        foreach (var ticket in block.TicketIds)
        {
            if (session.Execute("INSERT OR IGNORE INTO claims(ticket_id, order_id) VALUES (?1, ?2)", ticket, block.Id) == 0)
            {
                Free(session, block, claimed);
                session.Execute("DELETE FROM ticket_blocks WHERE id = ?1", block.Id);
                return WriteOutcome.TicketTaken;
            }

            claimed.Add(ticket);
        }

        Tell(session, block);
        return WriteOutcome.Written;
    }

    private static void Tell(SqliteSession session, TicketBlock block)
    {
        var told = SqliteOutbox.Append(session, OrderMessages.Encode(block));
        session.Execute("UPDATE ticket_blocks SET told = ?2 WHERE id = ?1", block.Id, told[^1].Sequence);
    }

    private static void Free(SqliteSession session, TicketBlock block, IEnumerable<Guid> tickets)
    {
        foreach (var ticket in tickets)
        {
            session.Execute("DELETE FROM claims WHERE ticket_id = ?1 AND order_id = ?2", ticket, block.Id);
        }
    }

    private static TicketBlock Read(SqliteRow row) =>
        new()
        {
            Id = row.Id(0),
            EventId = row.Id(1),
            Kind = (TicketBlockKind)row.GetInt32(2),
            Tickets = JsonSerializer.Deserialize(row.GetString(3), StorageJson.Default.IReadOnlyListNumberRange)!,
            Reason = row.GetString(5),
            By = new Actor(row.Id(6), row.GetString(7)),
            At = row.Time(8),
            ReleasedBy = row.IdOrNull(9) is { } by ? new Actor(by, row.GetString(10)) : null,
            ReleasedAt = row.TimeOrNull(11),
        };

    private Task<IReadOnlyList<TicketBlock>> Rows(string sql, params object?[] values) =>
        Task.FromResult<IReadOnlyList<TicketBlock>>(database.Read(session => session.Query(sql, Read, values)));
}
