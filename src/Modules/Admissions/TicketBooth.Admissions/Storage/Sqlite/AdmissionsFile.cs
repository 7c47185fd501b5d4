using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Admissions.Storage.Sqlite;

/// <summary>The file <c>admissions.db</c>, and the outbox in it that both stores write to.</summary>
internal sealed class AdmissionsFile
{
    public AdmissionsFile(EmbeddedStorage storage)
    {
        Database = storage.Open("admissions", Schema, overwritesFreedPages: true);
        Outbox = new SqliteOutbox("admissions", Database);
    }

    public SqliteDatabase Database { get; }

    public SqliteOutbox Outbox { get; }

    private static readonly string[] Schema =
    [
        SqliteOutbox.Schema,
        SqliteOutbox.Pages,
        // One ticket of a number has a generation, and one scan has a turn: these two indexes decide the races.
        """
            CREATE TABLE events(
                id BLOB NOT NULL PRIMARY KEY, version INTEGER NOT NULL, name TEXT NOT NULL, venue TEXT NOT NULL, starts_at INTEGER NOT NULL,
                currency TEXT NOT NULL, is_canceled INTEGER NOT NULL, tiers TEXT NOT NULL, rules TEXT, public_key BLOB, private_key BLOB)
                WITHOUT ROWID;
            CREATE TABLE tickets(
                event_id BLOB NOT NULL, number INTEGER NOT NULL, order_id BLOB NOT NULL, tier_id BLOB NOT NULL, price INTEGER NOT NULL,
                currency TEXT NOT NULL, buyer_id BLOB NOT NULL, revision INTEGER NOT NULL, is_active INTEGER NOT NULL,
                generation INTEGER NOT NULL, version INTEGER NOT NULL, code TEXT, holder TEXT, owner_id BLOB,
                transfers INTEGER NOT NULL DEFAULT 0, transfer_id BLOB, transfer_email TEXT,
                PRIMARY KEY (event_id, number, order_id)) WITHOUT ROWID;
            CREATE UNIQUE INDEX tickets_generation ON tickets(event_id, number, generation);
            CREATE INDEX tickets_transfer ON tickets(transfer_id) WHERE transfer_id IS NOT NULL;
            CREATE INDEX tickets_order ON tickets(order_id);
            CREATE TABLE scans(
                id BLOB NOT NULL PRIMARY KEY, event_id BLOB, number INTEGER, generation INTEGER, direction TEXT NOT NULL,
                outcome TEXT NOT NULL, scanned_at INTEGER NOT NULL, at INTEGER NOT NULL, by_id BLOB NOT NULL, by_name TEXT NOT NULL,
                is_offline INTEGER NOT NULL, turn INTEGER, previous_id BLOB, order_id BLOB, tier_id BLOB, undone_at INTEGER,
                undone_by BLOB) WITHOUT ROWID;
            CREATE UNIQUE INDEX scans_turn ON scans(event_id, number, generation, turn) WHERE turn IS NOT NULL;
            CREATE INDEX scans_conflicts ON scans(event_id, at) WHERE is_offline = 1 AND outcome NOT IN ('admitted', 'left');
            """,
        "CREATE TABLE moments(name TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;",
        """
            CREATE INDEX tickets_owner ON tickets(owner_id) WHERE owner_id IS NOT NULL;
            CREATE INDEX tickets_offered ON tickets(lower(transfer_email)) WHERE transfer_email IS NOT NULL;
            """,
    ];
}
