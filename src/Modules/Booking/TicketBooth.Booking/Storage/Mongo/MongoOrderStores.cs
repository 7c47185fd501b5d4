using System.Globalization;
using MongoDB.Bson;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>A database per shard, so that a deployment can move one to servers of its own.</summary>
internal sealed class MongoOrderStores(MongoStorage storage, OutboxRelay relay, ILeases leases, TimeProvider clock) : IOrderStores
{
    public bool AreOfThisHostAlone => false;

    public async Task<IOrderStore> OpenAsync(ushort shard)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"booking_{shard:D4}");
        var orders = storage.Database(name).GetCollection<BsonDocument>(MongoOrderStore.Collection);
        var outbox = new MongoOutbox(name, orders, leases, clock);
        var store = new MongoOrderStore(orders, outbox);
        if (!storage.ReadOnly)
        {
            await store.EnsureIndexesAsync(CancellationToken.None);
            relay.Attach(outbox);
        }

        return store;
    }
}
