using System.ComponentModel.DataAnnotations;

namespace TicketBooth.BuildingBlocks.Storage.Settings;

/// <summary>Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The folder of the embedded profile's files, relative to the content root. Created if missing.</summary>
    [Required]
    public string Path { get; set; } = "data";

    /// <summary>
    /// The installation whose files the folder must hold, as its manifest names it. Null accepts any, and a new folder. What the folder
    /// cannot tell when it is lost as a whole, the settings can.
    /// </summary>
    public string? Installation { get; set; }

    /// <summary>Memory for pages of all embedded files together, in megabytes.</summary>
    [Range(16, 65_536)]
    public int CacheMegabytes { get; set; } = 64;

    /// <summary>Whether the host only reads. Verbs set it that run beside a serving host, as <c>audit</c>.</summary>
    public bool ReadOnly { get; set; }
}
