using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.BuildingBlocks.Auditing;

/// <summary>Promise I2 as far as files can tell: every one is sound, and is written through a log that survives a crash.</summary>
public sealed class StorageAudit(EmbeddedStorage storage) : IAuditCheck
{
    public async Task RunAsync(AuditReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var files = Directory.GetFiles(storage.Folder, "*.db");
        foreach (var file in files)
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync(cancellationToken);
            var soundness = await AskAsync(connection, "PRAGMA quick_check(1)", cancellationToken);
            report.Expect(soundness == "ok", "I2", $"{Path.GetFileName(file)}: {soundness}");
            var journal = await AskAsync(connection, "PRAGMA journal_mode", cancellationToken);
            report.Expect(journal == "wal", "I2", $"{Path.GetFileName(file)} is written with journal mode {journal}");
        }

        report.Count("I2", "files checked, each sound", files.Length);
    }

    private static async Task<string?> AskAsync(SqliteConnection connection, string pragma, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // one of the two constants above
        command.CommandText = pragma;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
