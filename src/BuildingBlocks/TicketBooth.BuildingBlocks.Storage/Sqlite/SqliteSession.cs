using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
/// <remarks>
/// Values bind to <c>?1</c>, <c>?2</c>, … in order. <see cref="Guid"/> is stored as 16 big-endian bytes, so that ids sort by their
/// time; <see cref="DateTimeOffset"/> as UTC ticks; <see cref="bool"/> as 0 or 1.
/// <para>
/// Statements use SQLite's native interface: an ADO.NET command looks up every parameter by name and creates a reader even for an
/// insert, which took half of the time of a purchase.
/// </para>
/// </remarks>
public sealed class SqliteSession : IDisposable
{
    // An extended code has the primary one in its lowest byte.
    private const int PrimaryCode = 0xFF;

    private readonly Dictionary<string, sqlite3_stmt> statements = new(StringComparer.Ordinal);
    private readonly SqliteConnection connection;
    private readonly sqlite3 handle;

    private SqliteSession(SqliteConnection connection)
    {
        this.connection = connection;
        handle = connection.Handle!;
    }

    /// <summary>Whether a transaction is open.</summary>
    internal bool IsInTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>For what this class has no method for.</summary>
    internal sqlite3 Handle => handle;

    /// <summary>The row id of the latest insert.</summary>
    internal long LastRowId => raw.sqlite3_last_insert_rowid(handle);

    /// <summary>Defines what the steps of a schema may call.</summary>
    internal void Define(Action<SqliteConnection> functions) => functions(connection);

    internal static SqliteSession Open(string connectionString)
    {
        var opened = new SqliteConnection(connectionString);
        opened.Open();
        return new SqliteSession(opened);
    }

    /// <summary>Runs a statement; returns how many rows an insert, update or delete changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        while (Step(statement))
        {
            // A pragma may return rows, which are not needed.
        }

        return raw.sqlite3_changes(handle);
    }

    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(read);
        var statement = Bind(sql, values);
        var rows = new List<T>();
        while (Step(statement))
        {
            rows.Add(Read(statement, read));
        }

        return rows;
    }

    /// <summary>The first row, or the default value when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(read);
        var statement = Bind(sql, values);
        if (!Step(statement))
        {
            return default;
        }

        var row = Read(statement, read);
        raw.sqlite3_reset(statement);
        return row;
    }

    /// <summary>The first column of the first row as a number; 0 when it is missing or NULL.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) => First(sql, row => row.GetInt64(0), values);

    /// <summary>Runs several statements, separated by semicolons, once.</summary>
    internal void Run(string script)
    {
        if (raw.sqlite3_exec(handle, script) is var code && code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, handle);
        }
    }

    /// <summary>As <see cref="Run"/>. False when another connection has locked the file.</summary>
    internal bool TryRun(string script)
    {
        var code = raw.sqlite3_exec(handle, script);
        if ((code & PrimaryCode) == raw.SQLITE_BUSY)
        {
            return false;
        }

        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, handle);
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private static T Read<T>(sqlite3_stmt statement, Func<SqliteRow, T> read)
    {
        try
        {
            return read(new SqliteRow(statement));
        }
        catch
        {
            raw.sqlite3_reset(statement);
            throw;
        }
    }

    /// <summary>Whether there is another row. At the end, and after a failure, the statement is reset for its next use.</summary>
    private bool Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, handle);
        }

        return false;
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            if (raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement) is var code && code != raw.SQLITE_OK)
            {
                SqliteException.ThrowExceptionForRC(code, handle);
            }

            statements.Add(sql, statement);
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (Bind(statement, i + 1, values[i]) is var code && code != raw.SQLITE_OK)
            {
                SqliteException.ThrowExceptionForRC(code, handle);
            }
        }

        return statement;
    }

    private static int Bind(sqlite3_stmt statement, int position, object? value)
    {
        switch (value)
        {
            case null:
                return raw.sqlite3_bind_null(statement, position);
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                return raw.sqlite3_bind_blob(statement, position, bytes);
            case DateTimeOffset time:
                return raw.sqlite3_bind_int64(statement, position, time.UtcTicks);
            case bool flag:
                return raw.sqlite3_bind_int64(statement, position, flag ? 1 : 0);
            case int number:
                return raw.sqlite3_bind_int64(statement, position, number);
            case long number:
                return raw.sqlite3_bind_int64(statement, position, number);
            case string text:
                return raw.sqlite3_bind_text(statement, position, text);
            case byte[] blob:
                return raw.sqlite3_bind_blob(statement, position, blob);
            case ArraySegment<byte> blob:
                return raw.sqlite3_bind_blob(statement, position, blob.AsSpan());
            default:
                throw new ArgumentException($"A {value.GetType().Name} has no column type here.", nameof(value));
        }
    }
}

/// <summary>The current row of a query, valid until the next one. Reads columns as <see cref="SqliteSession"/> stores them.</summary>
public readonly struct SqliteRow
{
    private readonly sqlite3_stmt statement;

    internal SqliteRow(sqlite3_stmt statement) => this.statement = statement;

    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>0 when the column is NULL.</summary>
    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>0 when the column is NULL.</summary>
    public int GetInt32(int column) => raw.sqlite3_column_int(statement, column);

    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>Null when the column is NULL.</summary>
    public string? Text(int column) => IsDBNull(column) ? null : GetString(column);

    public bool Flag(int column) => GetInt64(column) != 0;

    public Guid Id(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);

    public DateTimeOffset Time(int column) => new(GetInt64(column), TimeSpan.Zero);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public Guid? IdOrNull(int column) => IsDBNull(column) ? null : Id(column);

    public DateTimeOffset? TimeOrNull(int column) => IsDBNull(column) ? null : Time(column);

    public long? NumberOrNull(int column) => IsDBNull(column) ? null : GetInt64(column);
}
