using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
/// <remarks>
/// Values bind to <c>$1</c>, <c>$2</c>, … in order. <see cref="Guid"/> is stored as 16 big-endian bytes, so that ids sort by their
/// time; <see cref="DateTimeOffset"/> as UTC ticks; <see cref="bool"/> as 0 or 1.
/// </remarks>
public sealed class SqliteSession : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> statements = new(StringComparer.Ordinal);

    internal SqliteSession(SqliteConnection connection) => Connection = connection;

    internal SqliteConnection Connection { get; }

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first row, or the default value when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>The first column of the first row as a number; 0 when it is missing or NULL.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar() as long? ?? 0;

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = Connection.CreateCommand();
#pragma warning disable CA2100 // every statement is a constant of a store; values are bound, never pasted
            statement.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 1; i <= values.Length; i++)
            {
                statement.Parameters.Add(new SqliteParameter { ParameterName = FormattableString.Invariant($"${i}") });
            }

            statements.Add(sql, statement);
        }

        for (var i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                Guid id => id.ToByteArray(bigEndian: true),
                DateTimeOffset time => time.UtcTicks,
                bool flag => flag ? 1L : 0L,
                var value => value,
            };
        }

        return statement;
    }
}

/// <summary>Reads columns in the form that <see cref="SqliteSession"/> stores them in.</summary>
public static class SqliteColumns
{
    public static Guid Id(this SqliteDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new Guid(row.GetFieldValue<byte[]>(column), bigEndian: true);
    }

    public static DateTimeOffset Time(this SqliteDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
    }

    public static byte[] Bytes(this SqliteDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.GetFieldValue<byte[]>(column);
    }

    /// <summary>Null when the column is NULL.</summary>
    public static T? OrNull<T>(this SqliteDataReader row, int column, Func<SqliteDataReader, int, T> read)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(read);
        return row.IsDBNull(column) ? null : read(row, column);
    }

    /// <summary>Null when the column is NULL.</summary>
    public static string? Text(this SqliteDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.IsDBNull(column) ? null : row.GetString(column);
    }
}
