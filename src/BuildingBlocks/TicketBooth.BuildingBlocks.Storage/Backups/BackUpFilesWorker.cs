using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>
/// Makes a backup when the last good one is older than <c>Backup:Every</c>, also one that was made before a restart.
/// </summary>
internal sealed partial class BackUpFilesWorker(
    IOptions<BackupOptions> options,
    EmbeddedStorage storage,
    BackupMaker maker,
    BackupStatus status,
    IHostEnvironment environment,
    ILogger<BackUpFilesWorker> logger,
    WorkServices services
) : PeriodicWork(new WorkSchedule(LookEvery(options.Value.Every)) { Timeout = Longest, StartsAtOnce = true }, services)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);
    private static readonly TimeSpan LookAtLeast = TimeSpan.FromMinutes(5);

    private DateTimeOffset? unsoundAt;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.Path) || storage.Installation is not { } installation)
        {
            return;
        }

        status.SwitchOn();
        var folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        try
        {
            await MakeWhenDueAsync(folder, installation, cancellationToken);
        }
        catch (Exception failure) when (failure is StorageException or BackupException or IOException or UnauthorizedAccessException)
        {
            status.Failed(Clock.GetUtcNow(), failure.Message);
            throw;
        }
    }

    private async Task MakeWhenDueAsync(string folder, string installation, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(folder);
        var shelf = new BackupShelf(folder, installation);
        if (status.LastGood is null && shelf.FindNewest() is { } found)
        {
            status.Succeeded(found);
        }

        var now = Clock.GetUtcNow();
        if (IsYoung(status.LastGood?.Contents.At, now) || IsYoung(unsoundAt, now))
        {
            return;
        }

        var (backup, violations) = await maker.MakeAsync(shelf.FileAt(now), cancellationToken);
        if (violations.Count == 0)
        {
            status.Succeeded(backup);
            LogMade(logger, backup.File, backup.Bytes, backup.Contents.Took, backup.Contents.Held);
        }
        else
        {
            // It shows what the files are like, so another one would not be better.
            unsoundAt = now;
            BackupShelf.SetApart(backup.File);
            status.Failed(now, violations[0]);
            LogUnsound(logger, backup.File, violations.Count, violations[0]);
        }

        foreach (var removed in shelf.Prune(options.Value.Keep))
        {
            LogRemoved(logger, removed);
        }
    }

    private bool IsYoung(DateTimeOffset? made, DateTimeOffset now) => made is { } at && at <= now && now - at < options.Value.Every;

    private static TimeSpan LookEvery(TimeSpan every) => every < LookAtLeast ? every : LookAtLeast;

    [LoggerMessage(
        EventId = 1310,
        Level = LogLevel.Information,
        Message = "The backup {File} of {Bytes} bytes was written in {Took} and checked; nobody could write for {Held}"
    )]
    private static partial void LogMade(ILogger logger, string file, long bytes, TimeSpan took, TimeSpan held);

    [LoggerMessage(
        EventId = 1311,
        Level = LogLevel.Error,
        Message = "The audit of the backup {File} found {Count} violations, the first: {Violation}"
    )]
    private static partial void LogUnsound(ILogger logger, string file, int count, string violation);

    [LoggerMessage(EventId = 1312, Level = LogLevel.Information, Message = "The backup {File} was removed: there are newer ones")]
    private static partial void LogRemoved(ILogger logger, string file);
}
