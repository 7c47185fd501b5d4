using TicketBooth.BuildingBlocks.Storage.Backups;

namespace TicketBooth.Host.Auditing;

/// <summary>Opens a folder with a host of its own, which only reads and serves nothing.</summary>
/// <param name="build">Builds one that has the settings of this host, on a folder.</param>
/// <param name="openAsync">Opens its stores.</param>
internal sealed class BackupCheck(Func<string, WebApplication> build, Func<WebApplication, Task> openAsync) : IBackupCheck
{
    public async Task<IReadOnlyList<string>> AuditAsync(string folder, CancellationToken cancellationToken)
    {
        await using var reader = build(folder);
        var report =
            await StoredAudit.FindDamageAsync(reader, openAsync, cancellationToken)
            ?? await StoredAudit.CheckAsync(reader, cancellationToken);
        return [.. report.Violations.Select(violation => $"{violation.Promise}  {violation.Text}")];
    }

    public async Task OpenAsync(string folder, CancellationToken cancellationToken)
    {
        await using var reader = build(folder);
        await openAsync(reader);
    }
}
