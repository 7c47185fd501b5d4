using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TicketBooth.BuildingBlocks.Storage.Relational.Statements;

/// <summary>
/// Prepared statements of a connection to a SQLite file, run by SQLite's own interface: a command of ADO.NET looks up each value by its
/// name and creates a reader for each row that is written.
/// </summary>
/// <remarks>
/// Values bind in the order in which their names first occur, and are stored as EF Core stores them: an id is upper-case text.
/// </remarks>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private const int IdLength = 36;

    private readonly Dictionary<string, sqlite3_stmt> statements = new(StringComparer.Ordinal);

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Execute(string sql, IReadOnlyList<object?> values)
    {
        var statement = Prepare(sql);
        for (var i = 0; i < values.Count; i++)
        {
            ThrowUnless(raw.SQLITE_OK, Bind(statement, i + 1, values[i]));
        }

        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        ThrowUnless(raw.SQLITE_DONE, code);
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }
    }

    private sqlite3_stmt Prepare(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            ThrowUnless(raw.SQLITE_OK, raw.sqlite3_prepare_v3(connection.Handle!, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
            statements.Add(sql, statement);
        }

        return statement;
    }

    private void ThrowUnless(int expected, int code)
    {
        if (code != expected)
        {
            SqliteException.ThrowExceptionForRC(code, connection.Handle);
        }
    }

    private static int Bind(sqlite3_stmt statement, int position, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(statement, position),
            Guid id => Bind(statement, position, id),
            bool flag => raw.sqlite3_bind_int(statement, position, flag ? 1 : 0),
            int number => raw.sqlite3_bind_int(statement, position, number),
            long number => raw.sqlite3_bind_int64(statement, position, number),
            string text => raw.sqlite3_bind_text(statement, position, text),
            _ => throw new ArgumentException($"A {value.GetType().Name} has no column type here.", nameof(value)),
        };

    private static int Bind(sqlite3_stmt statement, int position, Guid id)
    {
        Span<byte> text = stackalloc byte[IdLength];
        id.TryFormat(text, out _);
        Ascii.ToUpperInPlace(text, out _);
        return raw.sqlite3_bind_text(statement, position, text);
    }
}
