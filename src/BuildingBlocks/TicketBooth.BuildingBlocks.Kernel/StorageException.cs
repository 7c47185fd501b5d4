namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A store cannot be used as it is; the message is for the person who starts the host.</summary>
public sealed class StorageException : Exception
{
    public StorageException() { }

    public StorageException(string message)
        : base(message) { }

    public StorageException(string message, Exception innerException)
        : base(message, innerException) { }
}
