using System.Globalization;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Booking.Storage;

/// <summary>Opens a shard's store, making it when it is new, and connects its outbox with the relay.</summary>
internal interface IOrderStores
{
    IOrderStore Open(ushort shard);
}

internal sealed class SqliteOrderStores(EmbeddedStorage storage, OutboxRelay relay) : IOrderStores
{
    public IOrderStore Open(ushort shard)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"booking-{shard:D4}");
        var database = storage.Open(name, SqliteOrderStore.Schema);
        var outbox = new SqliteOutbox(name, database);
        if (!storage.ReadOnly)
        {
            relay.Attach(outbox);
        }

        return new SqliteOrderStore(database, outbox);
    }
}
