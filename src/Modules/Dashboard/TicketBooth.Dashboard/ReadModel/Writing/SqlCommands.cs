using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>Runs statements inside one transaction. Values are bound as <c>@p0</c>, <c>@p1</c> and so on.</summary>
[SuppressMessage("Security", "CA2100", Justification = "Statements are constants of this module; values are bound.")]
internal sealed class SqlCommands(DbTransaction transaction, CancellationToken cancellationToken)
{
    /// <summary>The names of so many values, for <c>IN (...)</c>.</summary>
    public static string Names(int count) => string.Join(", ", Enumerable.Range(0, count).Select(NameOf));

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, params object[] values)
    {
        var list = new List<T>();
        await ForEachAsync(sql, row => list.Add(read(row)), values);
        return list;
    }

    /// <summary>Reads row by row: for results that need not be in memory at once.</summary>
    public async Task ForEachAsync(string sql, Action<DbDataReader> read, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            read(rows);
        }
    }

    public async Task WriteAsync(Upsert statement, IEnumerable<object?[]> rows)
    {
        var all = rows.ToList();
        if (all.Count > 0)
        {
            await statement.RunAsync(transaction, all, cancellationToken);
        }
    }

    private static string NameOf(int index) => "@p" + index.ToString(CultureInfo.InvariantCulture);

    private DbCommand Command(string sql, object[] values)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (NameOf(i), values[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
