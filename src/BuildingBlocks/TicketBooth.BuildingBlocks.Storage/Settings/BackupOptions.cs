using System.ComponentModel.DataAnnotations;

namespace TicketBooth.BuildingBlocks.Storage.Settings;

/// <summary>Section <c>Backup</c>: backups of the embedded files that a serving host makes by itself.</summary>
public sealed class BackupOptions
{
    /// <summary>The folder of the backups, relative to the content root. Null makes none.</summary>
    public string? Path { get; set; }

    /// <summary>From one backup to the next.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many backups stay; older ones are removed after a new one was checked.</summary>
    [Range(1, 10_000)]
    public int Keep { get; set; } = 7;
}
