using System.Globalization;
using MongoDB.Bson;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage;

/// <summary>Opens a shard's store, making it when it is new, and connects its outbox with the relay.</summary>
internal interface IOrderStores
{
    Task<IOrderStore> OpenAsync(ushort shard);
}

internal sealed class SqliteOrderStores(EmbeddedStorage storage, OutboxRelay relay) : IOrderStores
{
    public Task<IOrderStore> OpenAsync(ushort shard)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"booking-{shard:D4}");
        var database = storage.Open(name, SqliteOrderStore.Schema);
        var outbox = new SqliteOutbox(name, database);
        if (!storage.ReadOnly)
        {
            relay.Attach(outbox);
        }

        return Task.FromResult<IOrderStore>(new SqliteOrderStore(database, outbox));
    }
}

/// <summary>A database per shard, so that a deployment can move one to servers of its own.</summary>
internal sealed class MongoOrderStores(MongoStorage storage, OutboxRelay relay, ILeases leases, TimeProvider clock) : IOrderStores
{
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
