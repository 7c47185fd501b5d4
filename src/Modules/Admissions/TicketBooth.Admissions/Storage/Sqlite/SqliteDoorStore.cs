using System.Text.Json;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Admissions.Storage.Sqlite;

/// <summary>Doors and scans in <c>admissions.db</c>.</summary>
internal sealed class SqliteDoorStore(AdmissionsFile file) : IDoorStore
{
    private const string Columns = """
        id, event_id, number, generation, direction, outcome, scanned_at, at, by_id, by_name, is_offline, turn, previous_id, order_id,
        tier_id, undone_at
        """;

    private readonly SqliteDatabase database = file.Database;
    private readonly SqliteOutbox outbox = file.Outbox;

    public IOutbox Outbox => outbox;

    public Task<DoorEvent?> FindEventAsync(Guid eventId) =>
        Task.FromResult(
            database.Read(session =>
                session.First(
                    """
                    SELECT id, version, name, venue, starts_at, currency, is_canceled, tiers, rules, public_key, private_key
                    FROM events WHERE id = ?1
                    """,
                    ReadEvent,
                    eventId
                )
            )
        );

    public Task SaveFactsAsync(DoorEvent facts) =>
        database.WriteAsync(session =>
            session.Execute(
                """
                INSERT INTO events(id, version, name, venue, starts_at, currency, is_canceled, tiers)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT(id) DO UPDATE SET version = excluded.version, name = excluded.name, venue = excluded.venue,
                    starts_at = excluded.starts_at, currency = excluded.currency, is_canceled = excluded.is_canceled,
                    tiers = excluded.tiers
                WHERE excluded.version > events.version
                """,
                facts.Id,
                facts.Version,
                facts.Name,
                facts.Venue,
                facts.StartsAt,
                facts.Currency,
                facts.IsCanceled,
                JsonSerializer.Serialize(facts.Tiers, DoorJson.Default.IReadOnlyListDoorTier)
            )
        );

    public Task<bool> SaveRulesAsync(Guid eventId, DoorRules rules) =>
        database.WriteAsync(session =>
            session.Execute(
                "UPDATE events SET rules = ?2 WHERE id = ?1",
                eventId,
                JsonSerializer.Serialize(rules, DoorJson.Default.DoorRules)
            ) == 1
        );

    public Task AddKeyAsync(Guid eventId, byte[] publicKey, byte[] privateKey) =>
        database.WriteAsync(session =>
            session.Execute(
                "UPDATE events SET public_key = ?2, private_key = ?3 WHERE id = ?1 AND public_key IS NULL",
                eventId,
                publicKey,
                privateKey
            )
        );

    public Task<Scan?> FindScanAsync(Guid scanId) =>
        Task.FromResult(database.Read(session => session.First($"SELECT {Columns} FROM scans WHERE id = ?1", ReadScan, scanId)));

    public Task<IReadOnlyList<Scan>> PassagesAsync(TicketCode code) =>
        Scans(
            "WHERE event_id = ?1 AND number = ?2 AND generation = ?3 AND turn IS NOT NULL ORDER BY turn",
            code.EventId,
            code.Number,
            code.Generation
        );

    public async Task<ScanWrite> AddScanAsync(Scan scan)
    {
        var messages = PassageMessages.Of(scan);
        var (outcome, written) = await database.WriteAsync<(ScanWrite, IReadOnlyList<OutboxEntry>)>(session =>
        {
            // The indexes decide, not a look beforehand.
            if (Insert(session, scan) == 1)
            {
                return (ScanWrite.Added, SqliteOutbox.Append(session, messages));
            }

            var isKnown = session.Number("SELECT 1 FROM scans WHERE id = ?1", scan.Id) == 1;
            return (isKnown ? ScanWrite.Repeated : ScanWrite.TurnTaken, []);
        });
        outbox.Signal(written);
        return outcome;
    }

    public Task MarkOfflineAsync(Guid scanId) =>
        database.WriteAsync(session =>
            session.Execute("UPDATE scans SET is_offline = 1 WHERE id = ?1 AND outcome NOT IN ('admitted', 'left')", scanId)
        );

    public async Task<bool> UndoAsync(Scan passage, Actor by, DateTimeOffset at)
    {
        var messages = PassageMessages.OfUndone(passage, at);
        var (isUndone, written) = await database.WriteAsync<(bool, IReadOnlyList<OutboxEntry>)>(session =>
        {
            var rows = session.Execute(
                """
                UPDATE scans SET turn = NULL, undone_at = ?2, undone_by = ?3
                WHERE id = ?1 AND turn IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM scans AS later WHERE later.event_id = scans.event_id AND later.number = scans.number
                        AND later.generation = scans.generation AND later.turn > scans.turn)
                """,
                passage.Id,
                at,
                by.Id
            );
            return rows == 1 ? (true, SqliteOutbox.Append(session, messages)) : (false, []);
        });
        outbox.Signal(written);
        return isUndone;
    }

    public Task<IReadOnlyList<LastPassage>> LastPassagesAsync(Guid eventId) =>
        Task.FromResult<IReadOnlyList<LastPassage>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT number, generation, MAX(turn) FROM scans WHERE event_id = ?1 AND turn IS NOT NULL GROUP BY number, generation
                    """,
                    row => new LastPassage(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)),
                    eventId
                )
            )
        );

    public Task<IReadOnlyList<Scan>> ListPassagesAsync(Guid? after, int limit) =>
        Scans("WHERE id > ?1 AND outcome IN ('admitted', 'left') ORDER BY id LIMIT ?2", after ?? Guid.Empty, limit);

    public Task<IReadOnlyList<Scan>> ConflictsAsync(Guid eventId, int limit) =>
        Scans(
            "WHERE event_id = ?1 AND is_offline = 1 AND outcome NOT IN ('admitted', 'left') ORDER BY at DESC, id DESC LIMIT ?2",
            eventId,
            limit
        );

    private Task<IReadOnlyList<Scan>> Scans(string where, params object?[] values) =>
        Task.FromResult<IReadOnlyList<Scan>>(
            database.Read(session => session.Query($"SELECT {Columns} FROM scans {where}", ReadScan, values))
        );

    private static int Insert(SqliteSession session, Scan scan) =>
        session.Execute(
            $"""
            INSERT OR IGNORE INTO scans({Columns})
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, NULL)
            """,
            scan.Id,
            scan.Code?.EventId,
            scan.Code?.Number,
            scan.Code?.Generation,
            StoredNames<Direction>.Of(scan.Direction),
            StoredNames<CheckInOutcome>.Of(scan.Outcome),
            scan.ScannedAt,
            scan.At,
            scan.By.Id,
            scan.By.Name,
            scan.IsOffline,
            scan.Turn,
            scan.PreviousId,
            scan.OrderId,
            scan.TierId
        );

    private static Scan ReadScan(SqliteRow row) =>
        new(
            row.Id(0),
            row.IsDBNull(1) ? null : new TicketCode(row.Id(1), row.GetInt32(2), row.GetInt32(3)),
            StoredNames<Direction>.Read(row.GetString(4)),
            StoredNames<CheckInOutcome>.Read(row.GetString(5)),
            row.Time(6),
            row.Time(7),
            new Actor(row.Id(8), row.GetString(9)),
            row.Flag(10)
        )
        {
            Turn = (int?)row.NumberOrNull(11),
            PreviousId = row.IdOrNull(12),
            OrderId = row.IdOrNull(13),
            TierId = row.IdOrNull(14),
            UndoneAt = row.TimeOrNull(15),
        };

    private static DoorEvent ReadEvent(SqliteRow row) =>
        new(
            row.Id(0),
            row.GetInt64(1),
            row.GetString(2),
            row.GetString(3),
            row.Time(4),
            row.GetString(5),
            row.Flag(6),
            JsonSerializer.Deserialize(row.GetString(7), DoorJson.Default.IReadOnlyListDoorTier)!
        )
        {
            Rules = row.Text(8) is { } rules ? JsonSerializer.Deserialize(rules, DoorJson.Default.DoorRules) : null,
            PublicKey = row.IsDBNull(9) ? null : row.Bytes(9),
            PrivateKey = row.IsDBNull(10) ? null : row.Bytes(10),
        };
}
