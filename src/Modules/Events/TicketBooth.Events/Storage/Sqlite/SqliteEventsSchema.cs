namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>The steps of the schema. A released step never changes.</summary>
internal static class SqliteEventsSchema
{
    public const string Initial = """
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

    // Prices of the first schema were never moved, and its events have no other version than their revision.
    public const string Pricing = """
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
            event_id BLOB NOT NULL, version INTEGER NOT NULL, tier_id BLOB NOT NULL, at INTEGER NOT NULL,
            from_price INTEGER, to_price INTEGER NOT NULL, cause TEXT NOT NULL,
            PRIMARY KEY(event_id, version, tier_id)) WITHOUT ROWID;
        CREATE TABLE policy_changes(
            event_id BLOB NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL,
            PRIMARY KEY(event_id, version)) WITHOUT ROWID;
        INSERT INTO price_changes(event_id, version, tier_id, at, to_price, cause)
            SELECT e.id, e.revision, t.id, e.published_at, t.price, '{"reason":"published"}'
            FROM events e JOIN tiers t ON t.event_id = e.id WHERE e.is_published = 1;
        """;

    public const string Operations = "ALTER TABLE events ADD COLUMN adjusted_by BLOB;";

    /// <summary>One id after the other, where there was one.</summary>
    public const string MoreOperations = "ALTER TABLE events RENAME COLUMN adjusted_by TO operations;";

    /// <summary>
    /// Answers by itself which version an event has: rows are long, and a host asks once a second about all events that it sells.
    /// </summary>
    public const string Versions = "CREATE INDEX events_versions ON events(id, version);";

    public const string Undo = "ALTER TABLE events ADD COLUMN undo TEXT;";

    public const string Changes = """
        ALTER TABLE events ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
        UPDATE events SET changed_at = COALESCE((SELECT MAX(at) FROM price_changes WHERE event_id = events.id), 0);
        """;

    public const string Released = "ALTER TABLE sales ADD COLUMN released INTEGER NOT NULL DEFAULT 0;";

    /// <summary>Null for the rule that all events had before.</summary>
    public const string RefundRules = "ALTER TABLE events ADD COLUMN refunds TEXT;";

    public const string Blocks = """
        ALTER TABLE events ADD COLUMN blocks TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE tiers ADD COLUMN off_sale INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tiers ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
        """;

    // Of what was ordered before, the minute is known.
    public const string OrderTimes = """
        ALTER TABLE tiers ADD COLUMN ordered_at INTEGER NOT NULL DEFAULT 0;
        UPDATE tiers SET ordered_at = COALESCE(
            (SELECT MAX(minute) * 600000000 FROM demand WHERE event_id = tiers.event_id AND tier_id = tiers.id), 0);
        """;
}
