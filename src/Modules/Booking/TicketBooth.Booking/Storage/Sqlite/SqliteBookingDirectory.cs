using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <param name="database">The module's own file.</param>
/// <param name="hasShard">Whether a shard can be read. A crash may come before its file is made, and who only reads makes none.</param>
internal sealed class SqliteBookingDirectory(SqliteDatabase database, Func<ushort, bool> hasShard) : IBookingDirectory
{
    public static readonly string[] Schema =
    [
        """
            CREATE TABLE shards(number INTEGER NOT NULL PRIMARY KEY, dedicated INTEGER NOT NULL, events INTEGER NOT NULL);
            CREATE TABLE event_shards(event_id BLOB NOT NULL PRIMARY KEY, shard INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE idempotency_keys(
                buyer_id BLOB NOT NULL, key TEXT NOT NULL, order_id BLOB NOT NULL, body_hash TEXT NOT NULL, at INTEGER NOT NULL,
                refused_with TEXT, PRIMARY KEY(buyer_id, key)) WITHOUT ROWID;
            CREATE INDEX idempotency_keys_at ON idempotency_keys(at);
            """,
        SqliteShiftStore.Schema,
    ];

    private const int EventsPerShard = 50;

    public Task<IReadOnlyList<ushort>> ShardsAsync() =>
        Task.FromResult<IReadOnlyList<ushort>>([
            .. database
                .Read(session => session.Query("SELECT number FROM shards ORDER BY number", row => (ushort)row.GetInt32(0)))
                .Where(hasShard),
        ]);

    public async Task<ushort> AssignAsync(Guid eventId, bool large)
    {
        var known = database.Read(session => ShardOf(session, eventId));
        return (ushort)(known != 0 ? known : await database.WriteAsync(session => Assign(session, eventId, large)));
    }

    public Task<KeyReservation> ReserveAsync(Guid buyerId, string key, KeyReservation reservation, DateTimeOffset validFrom) =>
        database.WriteAsync(session =>
        {
            session.Execute(
                """
                INSERT INTO idempotency_keys(buyer_id, key, order_id, body_hash, at) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(buyer_id, key) DO UPDATE
                SET order_id = excluded.order_id, body_hash = excluded.body_hash, at = excluded.at, refused_with = NULL
                WHERE idempotency_keys.at < ?6
                """,
                buyerId,
                key,
                reservation.OrderId,
                reservation.BodyHash,
                reservation.At,
                validFrom
            );
            return Reservation(session, buyerId, key)!;
        });

    public Task<KeyReservation?> FindReservationAsync(Guid buyerId, string key, DateTimeOffset validFrom)
    {
        var found = database.Read(session => Reservation(session, buyerId, key));
        return Task.FromResult(found?.At < validFrom ? null : found);
    }

    public Task RefuseAsync(Guid buyerId, string key, string errorCode) =>
        database.WriteAsync(session =>
            session.Execute("UPDATE idempotency_keys SET refused_with = ?3 WHERE buyer_id = ?1 AND key = ?2", buyerId, key, errorCode)
        );

    public Task ForgetKeysAsync(DateTimeOffset before) =>
        database.SweepAsync(session =>
            session.Execute(
                $"""
                DELETE FROM idempotency_keys WHERE (buyer_id, key) IN (
                    SELECT buyer_id, key FROM idempotency_keys WHERE at < ?1 LIMIT {SqliteDatabase.SweptAtOnce})
                """,
                before
            )
        );

    private static long Assign(SqliteSession session, Guid eventId, bool large)
    {
        if (ShardOf(session, eventId) is > 0 and var known)
        {
            return known;
        }

        var open = large ? 0 : session.Number("SELECT MAX(number) FROM shards WHERE dedicated = 0 AND events < ?1", EventsPerShard);
        if (open == 0)
        {
            open = session.Number("SELECT MAX(number) FROM shards") + 1;
            session.Execute("INSERT INTO shards(number, dedicated, events) VALUES (?1, ?2, 0)", open, large);
        }

        session.Execute("UPDATE shards SET events = events + 1 WHERE number = ?1", open);
        session.Execute("INSERT INTO event_shards(event_id, shard) VALUES (?1, ?2)", eventId, open);
        return open;
    }

    private static KeyReservation? Reservation(SqliteSession session, Guid buyerId, string key) =>
        session.First(
            "SELECT order_id, body_hash, at, refused_with FROM idempotency_keys WHERE buyer_id = ?1 AND key = ?2",
            row => new KeyReservation(row.Id(0), row.GetString(1), row.Time(2), row.Text(3)),
            buyerId,
            key
        );

    private static long ShardOf(SqliteSession session, Guid eventId) =>
        session.Number("SELECT shard FROM event_shards WHERE event_id = ?1", eventId);
}
