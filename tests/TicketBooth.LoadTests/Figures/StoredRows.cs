using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TicketBooth.LoadTests.Figures;

/// <summary>The rows of the embedded files.</summary>
internal static class StoredRows
{
    /// <summary>How many rows each table has, for example <c>booking.orders</c>; the shards of Booking are one.</summary>
    public static IReadOnlyDictionary<string, long> Count(string folder)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.db"))
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString()
            );
            connection.Open();
            foreach (var table in Tables(connection))
            {
                var name =
                    Path.GetFileNameWithoutExtension(file).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-') + "." + table;
                rows[name] = rows.GetValueOrDefault(name) + CountTable(connection, table);
            }
        }

        return rows;
    }

    private static List<string> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        using var reader = command.ExecuteReader();
        var tables = new List<string>();
        while (reader.Read())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    private static long CountTable(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is the schema's own.
        command.CommandText = $"SELECT COUNT(*) FROM \"{table}\"";
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
