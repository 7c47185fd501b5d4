using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>
/// Writes ticket updates to MongoDB in batches: all that wait for one event while a batch of it is being written go into the next, which is
/// one transaction over their documents and the event's counters. With a transaction per update, the updates of an event that sells out
/// would wait in a queue for its document.
/// </summary>
internal sealed class MongoTicketUpdateQueue(MongoEventsDatabase database)
{
    private const int LargestBatch = 256;

    // Every event with a batch being written, and the updates that wait for its next.
    private readonly Dictionary<Guid, Queue<Waiting>> queues = [];

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    /// <summary>As <see cref="ITicketStateStore.ApplyAsync"/>.</summary>
    public Task<bool> ApplyAsync(TicketUpdate update)
    {
        var mine = new Waiting(update);
        lock (queues)
        {
            if (queues.TryGetValue(update.EventId, out var queue))
            {
                queue.Enqueue(mine);
                return mine.Outcome.Task;
            }

            queues[update.EventId] = new Queue<Waiting>([mine]);
        }

        _ = Task.Run(() => WriteBatchesAsync(update.EventId));
        return mine.Outcome.Task;
    }

    /// <summary>Writes batches until no update waits.</summary>
    private async Task WriteBatchesAsync(Guid eventId)
    {
        while (Next(eventId) is { Count: > 0 } batch)
        {
            // The transaction runs again until no other host's batch came in between: outcomes count once it is committed.
            var writing = database.InTransactionAsync(session => WriteAsync(session, eventId, batch));

            // A failure is not for this loop: it belongs to everyone who waits for the batch.
            await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Outcome.SetFromTask(OutcomeAsync(writing, i));
            }
        }
    }

    /// <summary>What came of one update of a batch that was written, or failed.</summary>
    private static async Task<bool> OutcomeAsync(Task<List<(bool Changed, InvalidOperationException? Refusal)>> written, int index)
    {
        var (changed, refusal) = (await written)[index];
        return refusal is null ? changed : throw refusal;
    }

    private List<Waiting> Next(Guid eventId)
    {
        lock (queues)
        {
            var queue = queues[eventId];
            var batch = new List<Waiting>(Math.Min(queue.Count, LargestBatch));
            while (batch.Count < LargestBatch && queue.TryDequeue(out var waiting))
            {
                batch.Add(waiting);
            }

            if (batch.Count == 0)
            {
                queues.Remove(eventId);
            }

            return batch;
        }
    }

    private async Task<List<(bool Changed, InvalidOperationException? Refusal)>> WriteAsync(
        IClientSessionHandle session,
        Guid eventId,
        List<Waiting> waiting
    )
    {
        // The event's document first, and as a write: of two hosts' batches the second one fails here, before it has done any work.
        var found = await database.Events.FindOneAndUpdateAsync(
            session,
            Where.Eq("_id", eventId.Bson()),
            Set.Inc("rounds", 1L),
            new FindOneAndUpdateOptions<BsonDocument> { Projection = Builders<BsonDocument>.Projection.Include("tiers.id") }
        );
        HashSet<Guid> tiers = found is null ? [] : [.. found["tiers"].AsBsonArray.Select(tier => tier["id"].ToId())];
        var batch = new TicketUpdateBatch(tiers, await StoredAsync(session, eventId, waiting));
        var outcomes = waiting.ConvertAll(one => Apply(batch, one.Update));
        var orders = batch.Written.Select(order => OrderDocuments.Write(eventId, order)).ToList();
        if (orders.Count > 0)
        {
            await database.Orders.BulkWriteAsync(session, orders, new BulkWriteOptions { IsOrdered = false });
        }

        var counts = batch
            .Counts.SelectMany(tier => new[] { Set.Inc(HeldOf(tier.TierId), tier.Held), Set.Inc(SoldOf(tier.TierId), tier.Sold) })
            .ToList();
        if (counts.Count > 0)
        {
            await database.Events.UpdateOneAsync(session, Where.Eq("_id", eventId.Bson()), Set.Combine(counts));
        }

        var minutes = batch.Minutes.GroupBy(change => change.Minute, (minute, tiers) => Count(eventId, minute, tiers)).ToList();
        if (minutes.Count > 0)
        {
            await database.Demand.BulkWriteAsync(session, minutes, new BulkWriteOptions { IsOrdered = false });
        }

        return outcomes;
    }

    /// <summary>The orders of the batch, and all that hold one of their tickets.</summary>
    private async Task<List<StoredOrder>> StoredAsync(IClientSessionHandle session, Guid eventId, List<Waiting> waiting)
    {
        var orders = waiting.Select(one => one.Update.OrderId.Bson()).Distinct();
        var numbers = waiting.SelectMany(one => one.Update.Tickets).Select(ticket => ticket.Number).Distinct();
        var holding = OrderDocuments.HoldingTicketsOf(eventId) & Where.In(OrderDocuments.Standing, numbers);
        return (await database.Orders.Find(session, Where.In("_id", orders) | holding).ToListAsync()).ConvertAll(OrderDocuments.Read);
    }

    private static (bool, InvalidOperationException?) Apply(TicketUpdateBatch batch, TicketUpdate update)
    {
        try
        {
            return (batch.Apply(update), null);
        }
        catch (InvalidOperationException refusal)
        {
            return (false, refusal);
        }
    }

    private static UpdateOneModel<BsonDocument> Count(Guid eventId, long minute, IEnumerable<DemandMinute> tiers) =>
        new(
            Where.Eq("event", eventId.Bson()) & Where.Eq("minute", minute),
            Set.Combine(
                tiers.SelectMany(tier =>
                    new[] { Set.Inc($"tiers.{tier.TierId:N}.held", tier.Held), Set.Inc($"tiers.{tier.TierId:N}.sold", tier.Sold) }
                )
            )
        )
        {
            IsUpsert = true,
        };

    private static string HeldOf(Guid tierId) => $"{EventDocuments.Counts}.{tierId:N}.held";

    private static string SoldOf(Guid tierId) => $"{EventDocuments.Counts}.{tierId:N}.sold";

    private sealed record Waiting(TicketUpdate Update)
    {
        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
