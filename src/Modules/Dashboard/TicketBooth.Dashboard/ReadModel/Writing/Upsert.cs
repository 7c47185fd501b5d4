using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MySqlConnector;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>
/// Inserts rows. Where a row with the same key exists, replaces it or adds to its numbers. Speaks the dialects of SQLite and MySQL.
/// </summary>
/// <param name="table">Where the rows go.</param>
/// <param name="keys">The columns of the primary key, which come first in a row.</param>
/// <param name="columns">All other columns.</param>
/// <param name="adds">Adds the other columns to the existing row instead of replacing it.</param>
internal sealed class Upsert(string table, string[] keys, string[] columns, bool adds)
{
    /// <summary>
    /// MySQL saves round trips by many rows a statement. SQLite has no round trips, and looks up each value by walking through all names.
    /// </summary>
    private const int MostRowsOfMySql = 500;

    public async Task RunAsync(DbTransaction transaction, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var isMySql = transaction is MySqlTransaction;
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        foreach (var some in rows.Chunk(isMySql ? MostRowsOfMySql : 1))
        {
            Bind(command, some, isMySql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Reuses the statement while the number of rows is the same, so that it is parsed once.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "Names are constants of this module; values are bound.")]
    private void Bind(DbCommand command, object?[][] rows, bool isMySql)
    {
        var values = rows.SelectMany(row => row).ToList();
        if (command.Parameters.Count != values.Count)
        {
            command.Parameters.Clear();
            command.CommandText = Text(rows.Length, isMySql);
            for (var i = 0; i < values.Count; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = Name(i);
                command.Parameters.Add(parameter);
            }
        }

        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    private static string Name(int index) => "@p" + index.ToString(CultureInfo.InvariantCulture);

    private string Text(int rows, bool isMySql)
    {
        var width = keys.Length + columns.Length;
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"INSERT INTO {table}({string.Join(", ", keys)}, {string.Join(", ", columns)}) VALUES "
        );
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (").AppendJoin(", ", Enumerable.Range(row * width, width).Select(Name)).Append(')');
        }

        text.Append(isMySql ? " ON DUPLICATE KEY UPDATE " : $" ON CONFLICT({string.Join(", ", keys)}) DO UPDATE SET ");
        return text.AppendJoin(
                ", ",
                columns.Select(column =>
                    (isMySql, adds) switch
                    {
                        (true, true) => $"{column} = {column} + VALUES({column})",
                        (true, false) => $"{column} = VALUES({column})",
                        (false, true) => $"{column} = {column} + excluded.{column}",
                        (false, false) => $"{column} = excluded.{column}",
                    }
                )
            )
            .ToString();
    }
}
