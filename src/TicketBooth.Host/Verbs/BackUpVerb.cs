using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Backups;

namespace TicketBooth.Host.Verbs;

/// <summary><c>backup</c>: writes the embedded files into one file, while a host serves or not, and checks it.</summary>
internal static class BackUpVerb
{
    /// <returns>0 when the backup passes the audit, 1 when it does not.</returns>
    public static async Task<int> RunAsync(string[] settings, string file, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. settings, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
        app.CheckSettings();
        EmbeddedOnly.Expect(app.Configuration);
        var maker = app.Services.GetRequiredService<BackupMaker>();
        var (backup, violations) = await MakeAsync(maker, file);
        var made = backup.Contents;
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{backup.File}: {made.Files.Count} files, {backup.Bytes} bytes, as of {made.At:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}; "
                    + $"written in {made.Took.TotalSeconds:0.0} s, nobody could write for {made.Held.TotalMilliseconds:0.0} ms"
            )
        );
        foreach (var violation in violations)
        {
            await output.WriteLineAsync($"VIOLATION  {violation}");
        }

        await output.WriteLineAsync(
            violations.Count == 0
                ? "PASS"
                : string.Create(CultureInfo.InvariantCulture, $"FAIL: {violations.Count} violations, which the files that serve have too")
        );
        return violations.Count == 0 ? 0 : 1;
    }

    /// <exception cref="StorageException">An older release wrote the files: this one cannot audit them before a start.</exception>
    private static async Task<(WrittenBackup Backup, IReadOnlyList<string> Violations)> MakeAsync(BackupMaker maker, string file)
    {
        try
        {
            return await maker.MakeAsync(file, CancellationToken.None);
        }
        catch (StorageException failure) when (failure.Age == DataAge.Older)
        {
            throw new StorageException(
                "No backup was made: an older release wrote the files in Storage:Path. "
                    + "Make it with that release, before this one is installed.",
                failure
            );
        }
    }
}
