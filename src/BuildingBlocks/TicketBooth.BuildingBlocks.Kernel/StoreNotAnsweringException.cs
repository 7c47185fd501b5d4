namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A store is being asked, by this request or by one before it, and does not answer in time.</summary>
public sealed class StoreNotAnsweringException : Exception
{
    public StoreNotAnsweringException() { }

    public StoreNotAnsweringException(string message)
        : base(message) { }

    public StoreNotAnsweringException(string message, Exception innerException)
        : base(message, innerException) { }
}
