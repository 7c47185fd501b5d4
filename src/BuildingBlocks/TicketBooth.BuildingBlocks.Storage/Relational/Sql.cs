using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>
/// ADO.NET helpers where EF Core is not used: at the start of a host (<see cref="RelationalStorage.OpenAsync"/>) and for outboxes.
/// </summary>
[SuppressMessage("Security", "CA2100", Justification = "Statements are constants of their module; values are bound.")]
public static class Sql
{
    public static async Task RunAsync(
        this DbConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params (string Name, object Value)[] values
    )
    {
        await using var command = Bind(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>As the other overload, within a transaction, which MySQL's driver requires on the command.</summary>
    public static async Task RunAsync(
        this DbTransaction transaction,
        string sql,
        CancellationToken cancellationToken,
        params (string Name, object Value)[] values
    )
    {
        await using var command = Bind(transaction.Connection!, sql, values);
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<List<T>> ListAsync<T>(
        this DbConnection connection,
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object Value)[] values
    )
    {
        await using var command = Bind(connection, sql, values);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(read(rows));
        }

        return list;
    }

    /// <summary>As the other overload, within a transaction, which MySQL's driver requires on the command.</summary>
    public static async Task<List<T>> ListAsync<T>(
        this DbTransaction transaction,
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object Value)[] values
    )
    {
        await using var command = Bind(transaction.Connection!, sql, values);
        command.Transaction = transaction;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(read(rows));
        }

        return list;
    }

    /// <summary>As the other overload, for callers that cannot wait otherwise.</summary>
    public static List<T> List<T>(
        this DbConnection connection,
        string sql,
        Func<DbDataReader, T> read,
        params (string Name, object Value)[] values
    )
    {
        using var command = Bind(connection, sql, values);
        using var rows = command.ExecuteReader();
        var list = new List<T>();
        while (rows.Read())
        {
            list.Add(read(rows));
        }

        return list;
    }

    private static DbCommand Bind(DbConnection connection, string sql, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
