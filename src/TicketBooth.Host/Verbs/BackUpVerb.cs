using System.Globalization;
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
        var (backup, violations) = await maker.MakeAsync(file, CancellationToken.None);
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
}
