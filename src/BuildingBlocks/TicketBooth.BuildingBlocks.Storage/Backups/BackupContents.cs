using System.Text.Json;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>What a backup says of itself: the last entry of its archive.</summary>
/// <param name="Format">Of the archive; a program reads those that it knows.</param>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Installation">Whose files they are.</param>
/// <param name="At">The one moment that all files are of.</param>
/// <param name="Held">For how long nobody could write, for that.</param>
/// <param name="Took">How long it took to write.</param>
/// <param name="Files">All files of the folder.</param>
public sealed record BackupContents(
    int Format,
    string Version,
    string Installation,
    DateTimeOffset At,
    TimeSpan Held,
    TimeSpan Took,
    IReadOnlyList<BackedUpFile> Files
)
{
    /// <summary>The newest that this program writes and reads.</summary>
    internal const int NewestFormat = 1;

    internal const string EntryName = "backup.json";

    /// <summary>
    /// The first entry, stored and not compressed, so that the beginning of a file shows that it is a backup, even if the rest is lost.
    /// </summary>
    internal const string Marker = "ticketbooth.backup";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };
}

/// <param name="Name">Its path in the folder, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its content, in hexadecimal digits.</param>
/// <param name="Schema">The version of its tables; null where it has none.</param>
public sealed record BackedUpFile(string Name, long Size, string Sha256, string? Schema);

/// <summary>A backup that is on disk.</summary>
/// <param name="File">The archive.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Contents">What it has.</param>
public sealed record WrittenBackup(string File, long Bytes, BackupContents Contents);
