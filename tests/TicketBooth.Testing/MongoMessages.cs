using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Testing;

/// <summary>What the documents of a collection have to tell other modules and have not told yet, as a test reads it beside the store.</summary>
public sealed class MongoMessages(IMongoCollection<BsonDocument> documents)
{
    public async Task<IReadOnlyList<OutboxEntry>> ReadAsync() => [.. (await PendingAsync()).SelectMany(document => document.Entries)];

    /// <summary>As if every destination had been given what is there now.</summary>
    public async Task DeliverAllAsync() => await Outbox().RemoveAsync(await PendingAsync());

    // An outbox that looks for what is left behind takes everything at its first look: for its clock everything is old.
    private MongoOutbox Outbox() => new("test", documents, new SingleHost(), new DistantFuture());

    private async Task<IReadOnlyList<PendingDocument>> PendingAsync() =>
        await Outbox().DepthAsync(CancellationToken.None) == 0 ? [] : await Outbox().TakeAsync(1_000, CancellationToken.None);

    private sealed class DistantFuture : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
