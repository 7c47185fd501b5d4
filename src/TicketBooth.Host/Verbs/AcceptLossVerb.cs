using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Host.Verbs;

/// <summary><c>accept-loss</c>: lets a start go on without embedded files that are lost.</summary>
internal static class AcceptLossVerb
{
    public static async Task RunAsync(string[] settings, IReadOnlyList<string> files, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. settings, "--Logging:LogLevel:Default=Warning"]);
        app.CheckSettings();
        app.Services.GetRequiredService<EmbeddedStorage>().AcceptLoss(files);
        await output.WriteLineAsync(
            $"The next start goes on without {string.Join(", ", files)}, or with what is there now under these names."
        );
    }
}
