using System.Globalization;
using System.Text;

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

    private readonly string ofSqlite = Text(table, keys, columns, adds, rows: 1, isMySql: false);

    public async Task RunAsync(SqlCommands sql, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        if (!sql.IsMySql)
        {
            foreach (var row in rows)
            {
                await sql.ExecuteAsync(ofSqlite, cancellationToken, row);
            }

            return;
        }

        foreach (var some in rows.Chunk(MostRowsOfMySql))
        {
            var text = Text(table, keys, columns, adds, some.Length, isMySql: true);
            await sql.ExecuteAsync(text, cancellationToken, [.. some.SelectMany(row => row)]);
        }
    }

    private static string Text(string table, string[] keys, string[] columns, bool adds, int rows, bool isMySql)
    {
        var width = keys.Length + columns.Length;
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"INSERT INTO {table}({string.Join(", ", keys)}, {string.Join(", ", columns)}) VALUES "
        );
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (")
                .AppendJoin(", ", Enumerable.Range(row * width, width).Select(SqlCommands.NameOf))
                .Append(')');
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
