namespace TicketBooth.Booking.Storage;

/// <summary>Opens a shard's store, creating it when it is new, and attaches its outbox to the relay.</summary>
internal interface IOrderStores
{
    /// <summary>No other host can write what is stored.</summary>
    bool AreOfThisHostAlone { get; }

    Task<IOrderStore> OpenAsync(ushort shard);
}
