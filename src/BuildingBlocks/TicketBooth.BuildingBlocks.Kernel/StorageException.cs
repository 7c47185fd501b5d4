namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A store cannot be used as it is; the message is for the person who starts the host.</summary>
public sealed class StorageException : Exception
{
    public StorageException() { }

    public StorageException(string message)
        : base(message) { }

    public StorageException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Whether the data is of another release than this program, and of which.</summary>
    public DataAge Age { get; init; }
}

/// <summary>Of stored data, compared with the program that opens it.</summary>
public enum DataAge
{
    /// <summary>The data is of this release, or its age is not what is wrong.</summary>
    Same,

    /// <summary>The next start upgrades it.</summary>
    Older,

    /// <summary>Only a newer program reads it.</summary>
    Newer,
}
