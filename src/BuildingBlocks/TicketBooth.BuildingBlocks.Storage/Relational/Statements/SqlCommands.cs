using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Relational.Statements;

/// <summary>
/// Runs statements on one connection, inside a transaction. Values are bound as <c>@p0</c>, <c>@p1</c> and so on. A statement is parsed
/// when it runs for the first time, and kept.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "Statements are constants of their module; values are bound.")]
public sealed class SqlCommands(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> commands = new(StringComparer.Ordinal);

    // Null on MySQL.
    private readonly SqliteStatements? statements = connection is SqliteConnection file ? new SqliteStatements(file) : null;
    private DbTransaction? transaction;

    public bool IsMySql => statements is null;

    public static string NameOf(int index) => "@p" + index.ToString(CultureInfo.InvariantCulture);

    public async Task<DbTransaction> BeginAsync(IsolationLevel isolation, CancellationToken cancellationToken) =>
        transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<object?> values) =>
        statements is null ? CommandOf(sql, values).ExecuteNonQueryAsync(cancellationToken) : Execute(statements, sql, values);

    public async Task<List<T>> ListAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params IReadOnlyList<object?> values
    )
    {
        var list = new List<T>();
        await ForEachAsync(sql, row => list.Add(read(row)), cancellationToken, values);
        return list;
    }

    /// <summary>Reads row by row: for results that need not be in memory at once.</summary>
    public async Task ForEachAsync(
        string sql,
        Action<DbDataReader> read,
        CancellationToken cancellationToken,
        params IReadOnlyList<object?> values
    )
    {
        await using var rows = await CommandOf(sql, values).ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            read(rows);
        }
    }

    /// <summary>For a statement with <c>IN (…)</c>: what is between the parentheses, and the values of it.</summary>
    /// <remarks>In SQLite a list is one value, so that the statement is the same for lists of any length.</remarks>
    public (string List, IReadOnlyList<object?> Values) ListOf(IReadOnlyCollection<Guid> ids) =>
        IsMySql
            ? (string.Join(", ", Enumerable.Range(0, ids.Count).Select(NameOf)), [.. ids])
            : ("SELECT value FROM json_each(@p0)", [JsonOf(ids)]);

    public void Dispose()
    {
        foreach (var command in commands.Values)
        {
            command.Dispose();
        }

        statements?.Dispose();
        connection.Dispose();
    }

    // As EF Core stores ids: in capitals. Each has 36 characters, two quotes, and a comma or a bracket.
    private static string JsonOf(IReadOnlyCollection<Guid> ids) =>
        string.Create(
            Math.Max(2, (ids.Count * 39) + 1),
            ids,
            static (json, ids) =>
            {
                (json[0], json[^1]) = ('[', ']');
                var at = 0;
                foreach (var id in ids)
                {
                    (json[at], json[at + 1], json[at + 38]) = (at == 0 ? '[' : ',', '"', '"');
                    id.TryFormat(json.Slice(at + 2, 36), out _);
                    at += 39;
                }

                Ascii.ToUpperInPlace(json, out _);
            }
        );

    private static Task Execute(SqliteStatements statements, string sql, IReadOnlyList<object?> values)
    {
        statements.Execute(sql, values);
        return Task.CompletedTask;
    }

    private DbCommand CommandOf(string sql, IReadOnlyList<object?> values)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Count; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = NameOf(i);
                command.Parameters.Add(parameter);
            }

            commands.Add(sql, command);
        }

        command.Transaction = transaction;
        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
