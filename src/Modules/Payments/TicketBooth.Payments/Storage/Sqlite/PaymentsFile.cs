using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Payments.Storage.Sqlite;

/// <summary>The file <c>payments.db</c>.</summary>
internal static class PaymentsFile
{
    public static SqliteDatabase Open(EmbeddedStorage storage) => storage.Open("payments", Schema);

    private static readonly string[] Schema =
    [
        SqliteOutbox.Schema
            + """

                CREATE TABLE payments(
                    id BLOB NOT NULL PRIMARY KEY, order_id BLOB NOT NULL, method TEXT NOT NULL, amount INTEGER NOT NULL,
                    currency TEXT NOT NULL, hold_expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL, status TEXT NOT NULL,
                    external_id TEXT, decline_reason TEXT, refund_reason TEXT, changed_at INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX payments_awaiting_refund ON payments(id) WHERE status = 'paid' AND refund_reason IS NOT NULL;
                CREATE TABLE webhooks(id TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX webhooks_at ON webhooks(at);
                """,
        """
            ALTER TABLE payments ADD COLUMN declined_at INTEGER;
            ALTER TABLE payments ADD COLUMN captured_at INTEGER;
            UPDATE payments SET declined_at = changed_at WHERE status = 'declined';
            UPDATE payments SET captured_at = changed_at WHERE status = 'paid';
            """,
        SqliteOutbox.Pages,
        // Every index but the first is partial: a plain payment is in none of them.
        """
            ALTER TABLE payments ADD COLUMN gateway TEXT;
            ALTER TABLE payments ADD COLUMN buyer_id BLOB;
            ALTER TABLE payments ADD COLUMN money TEXT;
            CREATE INDEX payments_due ON payments(id) WHERE money ->> 'due' = 1;
            CREATE INDEX payments_cases ON payments(id) WHERE money ->> 'case' IS NOT NULL;
            CREATE INDEX payments_declined_of_buyer ON payments(buyer_id, declined_at) WHERE declined_at IS NOT NULL;
            CREATE INDEX payments_declined_of_order ON payments(order_id) WHERE declined_at IS NOT NULL;
            CREATE TABLE unmatched(id BLOB NOT NULL PRIMARY KEY, is_open INTEGER NOT NULL, money TEXT NOT NULL) WITHOUT ROWID;
            CREATE INDEX unmatched_open ON unmatched(id) WHERE is_open = 1;
            CREATE TABLE webhooks_unread(
                gateway TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (gateway, id)) WITHOUT ROWID;
            """,
        SqliteOutbox.Told("payments", "order_id"),
        // A plain payment enters the first when all of it goes back, and no other. Every page of the back office counts the open cases.
        """
            CREATE INDEX payments_open_cases ON payments(id) WHERE money ->> 'case' = 1;
            CREATE INDEX payments_refunded ON payments(changed_at) WHERE status = 'refunded';
            CREATE INDEX payments_moved ON payments(money ->> 'moved') WHERE money ->> 'moved' IS NOT NULL;
            CREATE TABLE reconciliations(
                id BLOB NOT NULL PRIMARY KEY, due INTEGER UNIQUE, summary TEXT NOT NULL, lines TEXT NOT NULL) WITHOUT ROWID;
            """,
        "CREATE INDEX payments_given_up ON payments(money ->> 'givenUp') WHERE money ->> 'givenUp' IS NOT NULL;",
        "CREATE INDEX webhooks_unread_at ON webhooks_unread(at);",
    ];
}
