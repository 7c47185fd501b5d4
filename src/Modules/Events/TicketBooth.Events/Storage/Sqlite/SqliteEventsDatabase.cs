using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>The SQLite file that the module's stores share, with its outbox.</summary>
internal sealed class SqliteEventsDatabase
{
    private const string FileName = "events";

    private static readonly string[] Schema =
    [
        SqliteOutbox.Schema,
        SqliteEventsSchema.Initial,
        SqliteEventsSchema.Pricing,
        SqliteEventsSchema.Operations,
        SqliteEventsSchema.Undo,
        SqliteEventsSchema.Changes,
        SqliteEventsSchema.MoreOperations,
        SqliteEventsSchema.Blocks,
        SqliteEventsSchema.Versions,
        SqliteOutbox.Pages,
        SqliteEventsSchema.Released,
        SqliteEventsSchema.RefundRules,
        SqliteOutbox.Told("events", "id"),
        SqliteEventsSchema.OrderTimes,
    ];

    private readonly SqliteDatabase database;

    public SqliteEventsDatabase(EmbeddedStorage storage)
    {
        database = storage.Open(FileName, Schema);
        Outbox = new SqliteOutbox(FileName, database);
    }

    public SqliteOutbox Outbox { get; }

    public T Read<T>(Func<SqliteSession, T> read) => database.Read(read);

    /// <summary>Several statements over one snapshot, so that an event never mixes two versions.</summary>
    public T ReadAtOneMoment<T>(Func<SqliteSession, T> read) => Read(session => AtOneMoment(session, read));

    public Task<T> WriteAsync<T>(Func<SqliteSession, T> write) => database.WriteAsync(write);

    public Task WriteAsync(Action<SqliteSession> write) => database.WriteAsync(write);

    private static T AtOneMoment<T>(SqliteSession session, Func<SqliteSession, T> read)
    {
        session.Execute("BEGIN");
        try
        {
            return read(session);
        }
        finally
        {
            session.Execute("COMMIT");
        }
    }
}
