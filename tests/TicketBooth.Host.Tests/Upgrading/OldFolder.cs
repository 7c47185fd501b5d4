using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Upgrading;

/// <summary>
/// The embedded files that a former state of the program left after real sales, as SQL text under <c>Fixtures</c>, and what clients were told
/// then. A new one is a folder of <c>sqlite3 x.db .dump</c> with the <c>user_version</c> at the end.
/// </summary>
internal sealed class OldFolder : IDisposable
{
    private static readonly string Fixtures = System.IO.Path.Combine(SourceTree.Root, "tests", "TicketBooth.Host.Tests", "Upgrading", "Fixtures");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ticketbooth-old-");

    public OldFolder(string name)
    {
        var source = System.IO.Path.Combine(Fixtures, name);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var place = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
            if (System.IO.Path.GetExtension(file) == ".sql")
            {
                // The dump does not tell how the file was written: as every file of ours.
                Run(System.IO.Path.ChangeExtension(place, ".db"), "PRAGMA journal_mode = WAL;" + File.ReadAllText(file));
            }
            else if (System.IO.Path.GetFileName(file) == "told.json")
            {
                Told = (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
            }
            else
            {
                File.Copy(file, place);
            }
        }
    }

    public static IEnumerable<string> Names => Directory.GetDirectories(Fixtures).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public string Path => folder.FullName;

    /// <summary>The buyer, and the status of each of its orders.</summary>
    public JsonObject Told { get; } = [];

    /// <summary>The tables and indexes of a file, by name.</summary>
    public static SortedDictionary<string, string> SchemaOf(string file)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT m.name, COALESCE((
                SELECT group_concat(c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || COALESCE(c.dflt_value, '') || ' ' || c.pk, ', ')
                FROM (SELECT * FROM pragma_table_xinfo(m.name) ORDER BY name) c), '')
            FROM sqlite_master m WHERE m.name NOT LIKE 'sqlite_%'
            """;
        using var rows = command.ExecuteReader();
        var schema = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (rows.Read())
        {
            schema[rows.GetString(0)] = rows.GetString(1);
        }

        return schema;
    }

    public static void Run(string file, string script)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a fixture of this repository, or a test's own constant
        command.CommandText = script;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=false;Foreign Keys=false");
        connection.Open();
        return connection;
    }
}
