using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>
/// Promise I2, as far as it can be checked from outside: every file is intact and written through a log that survives a crash; MongoDB is
/// a replica set, so a majority can acknowledge writes.
/// </summary>
internal sealed class StorageInvariants(EmbeddedStorage storage, MongoStorage? mongo = null) : IInvariantCheck
{
    /// <remarks>Files are read whole. A host that serves learns of damage when it reads it, and with each backup.</remarks>
    public bool RunsInSteps => false;

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var files = Directory.Exists(storage.Folder) ? Directory.GetFiles(storage.Folder, "*.db") : [];
        foreach (var file in files)
        {
            try
            {
                await CheckAsync(file, report, cancellationToken);
            }
            catch (SqliteException failure)
            {
                report.Violation("I2", $"{Path.GetFileName(file)}: {failure.Message}");
            }
        }

        report.Count("I2", "files checked", files.Length);
        if (mongo is not null)
        {
            report.Expect(
                await mongo.IsReplicatedAsync(cancellationToken),
                "I2",
                $"{MongoStorage.Setting} is one server without a replica set: what it acknowledges may be lost with it"
            );
        }
    }

    private static async Task CheckAsync(string file, InvariantReport report, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()
        );
        await connection.OpenAsync(cancellationToken);
        var integrity = await ReadPragmaAsync(connection, "PRAGMA quick_check(1)", cancellationToken);
        report.Expect(integrity == "ok", "I2", $"{Path.GetFileName(file)}: {integrity?.ReplaceLineEndings(" ")}");
        var journal = await ReadPragmaAsync(connection, "PRAGMA journal_mode", cancellationToken);
        report.Expect(journal == "wal", "I2", $"{Path.GetFileName(file)} is written with journal mode {journal}");
    }

    private static async Task<string?> ReadPragmaAsync(SqliteConnection connection, string pragma, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // one of the two constants above
        command.CommandText = pragma;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
