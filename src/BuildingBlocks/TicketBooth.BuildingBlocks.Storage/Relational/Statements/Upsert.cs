using System.Globalization;
using System.Text;

namespace TicketBooth.BuildingBlocks.Storage.Relational.Statements;

/// <summary>Inserts rows by the page. Speaks the dialects of SQLite and MySQL.</summary>
/// <param name="table">Where the rows go.</param>
/// <param name="keys">The columns of the unique key, which come first in a row.</param>
/// <param name="columns">All other columns.</param>
/// <param name="known">What happens to a row with the same key.</param>
public sealed class Upsert(string table, string[] keys, string[] columns, KnownRow known)
{
    /// <summary>
    /// MySQL saves round trips by many rows a statement. SQLite has no round trips, and looks up each value by walking through all names.
    /// </summary>
    private const int MostRowsOfMySql = 500;

    private string? ofSqlite;

    /// <summary>Columns that stay as they are in a row that is replaced. In SQLite that spares their indexes.</summary>
    public IReadOnlyCollection<string> Kept { get; init; } = [];

    public async Task RunAsync(SqlCommands sql, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sql);
        if (!sql.IsMySql)
        {
            ofSqlite ??= Text(rows: 1, isMySql: false);
            foreach (var row in rows)
            {
                await sql.ExecuteAsync(ofSqlite, cancellationToken, row);
            }

            return;
        }

        foreach (var some in rows.Chunk(MostRowsOfMySql))
        {
            var text = Text(some.Length, isMySql: true);
            await sql.ExecuteAsync(text, cancellationToken, [.. some.SelectMany(row => row)]);
        }
    }

    private string Text(int rows, bool isMySql)
    {
        var width = keys.Length + columns.Length;
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"INSERT INTO {table}({string.Join(", ", [.. keys, .. columns])}) VALUES "
        );
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (")
                .AppendJoin(", ", Enumerable.Range(row * width, width).Select(SqlCommands.NameOf))
                .Append(')');
        }

        return text.Append(isMySql ? OnConflictOfMySql() : OnConflictOfSqlite()).ToString();
    }

    private string OnConflictOfSqlite() =>
        known switch
        {
            KnownRow.Fails => "",
            KnownRow.Stays => $" ON CONFLICT({string.Join(", ", keys)}) DO NOTHING",
            _ => $" ON CONFLICT({string.Join(", ", keys)}) DO UPDATE SET " + Changes(column => $"excluded.{column}"),
        };

    // What changes nothing is no change to MySQL either. IGNORE would also hide values that do not fit.
    private string OnConflictOfMySql() =>
        known switch
        {
            KnownRow.Fails => "",
            KnownRow.Stays => $" ON DUPLICATE KEY UPDATE {keys[0]} = {table}.{keys[0]}",
            _ => " ON DUPLICATE KEY UPDATE " + Changes(column => $"VALUES({column})"),
        };

    private string Changes(Func<string, string> given) =>
        string.Join(
            ", ",
            columns
                .Except(Kept, StringComparer.Ordinal)
                .Select(column => known == KnownRow.Grows ? $"{column} = {column} + {given(column)}" : $"{column} = {given(column)}")
        );
}
