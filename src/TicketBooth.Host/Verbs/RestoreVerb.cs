using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Host.Verbs;

/// <summary><c>restore</c>: puts the files of a backup into an empty folder.</summary>
internal static class RestoreVerb
{
    public static async Task RunAsync(string[] settings, string file, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. settings, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
        app.CheckSettings();
        EmbeddedOnly.Expect(app.Configuration);
        if (!File.Exists(file))
        {
            throw new CommandLineException([$"There is no file '{file}'."]);
        }

        using var archive = BackupArchive.Open(file);
        var folder = app.Services.GetRequiredService<EmbeddedStorage>().Folder;
        var check = app.Services.GetRequiredService<IBackupCheck>();
        var isOlder = false;
        await FolderRestore.RunAsync(
            archive,
            folder,
            async place => isOlder = await IsOlderAsync(check, place, archive),
            CancellationToken.None
        );
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Restored {archive.Contents.Files.Count} files into {folder}, as of {archive.Contents.At:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}."
            )
        );
        await output.WriteLineAsync(
            isOlder
                ? "It was made by an older release: the first start upgrades it. Then run the verb 'audit'."
                : "Run the verb 'audit', then start the host."
        );
    }

    /// <summary>Opens the stores of what is about to be restored.</summary>
    /// <exception cref="BackupException">A newer program wrote them.</exception>
    private static async Task<bool> IsOlderAsync(IBackupCheck check, string folder, BackupArchive archive)
    {
        try
        {
            await check.OpenAsync(folder, CancellationToken.None);
            return false;
        }
        catch (StorageException failure) when (failure.Age == DataAge.Older)
        {
            return true;
        }
        catch (StorageException failure) when (failure.Age == DataAge.Newer)
        {
            throw new BackupException(
                $"{archive.File} was made by a newer release ({archive.Contents.Version}): {failure.Message}",
                failure
            )
            {
                Fault = BackupFault.Newer,
            };
        }
    }
}
