namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>A file cannot be restored; the message is for the person who wants to.</summary>
public sealed class BackupException : Exception
{
    public BackupException() { }

    public BackupException(string message)
        : base(message) { }

    public BackupException(string message, Exception innerException)
        : base(message, innerException) { }

    public BackupFault Fault { get; init; }
}

/// <summary>Why a file cannot be restored.</summary>
public enum BackupFault
{
    /// <summary>It is no backup of TicketBooth.</summary>
    Foreign,

    /// <summary>A part of it is missing or altered.</summary>
    Damaged,

    /// <summary>A newer program made it.</summary>
    Newer,
}
