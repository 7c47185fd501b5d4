using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MySqlConnector;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>Writes rows over those with the same key, or adds to their numbers: one statement for many rows, in SQLite's words or MySQL's.</summary>
/// <param name="table">Where they go.</param>
/// <param name="keys">The columns of its primary key, which come first in a row.</param>
/// <param name="columns">All other columns.</param>
/// <param name="adds">Adds the other columns to what is there, instead of replacing it.</param>
internal sealed class Upsert(string table, string[] keys, string[] columns, bool adds)
{
    /// <summary>One round trip for many rows. SQLite has none to spare, and finds each of a statement's values by walking through all of their names.</summary>
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

    /// <summary>Keeps the statement when it was for as many rows: then it is parsed once.</summary>
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
