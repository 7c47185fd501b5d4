using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>
/// Writes ticket updates to MongoDB in batches: all that wait for one event while a batch of it is being written go into the next. A
/// batch is counted in the event's document by one conditional write, which carries what else there is to write
/// (<see cref="UnfinishedBatch"/>). No transaction is open at any time, so a host that dies holds nobody up: what it counted and did not
/// finish, the next batch of the event finishes.
/// </summary>
internal sealed class MongoTicketUpdateQueue(MongoEventsDatabase database)
{
    private const int LargestBatch = 256;

    // Counts the batches of an event.
    private const string Rounds = "rounds";

    // Every event with a batch being written, and the updates that wait for its next.
    private readonly Dictionary<Guid, Queue<Waiting>> queues = [];

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    /// <summary>False when nothing changed that a reader sees; throws when the update cannot be applied.</summary>
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
            var writing = WriteAsync(eventId, batch);

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

    /// <summary>Writes a batch. Decides again when another host's batch came in between.</summary>
    private async Task<List<(bool Changed, InvalidOperationException? Refusal)>> WriteAsync(Guid eventId, List<Waiting> waiting)
    {
        while (true)
        {
            var found = await database
                .Events.Find(Where.Eq("_id", eventId.Bson()))
                .Project(Builders<BsonDocument>.Projection.Include("tiers.id").Include(Rounds).Include(UnfinishedBatch.Field))
                .FirstOrDefaultAsync();
            if (found is not null && UnfinishedBatch.In(found) is { } unfinished)
            {
                // Of another host, which is writing it or died.
                await UnfinishedBatch.FinishAsync(database, eventId, unfinished);
                continue;
            }

            HashSet<Guid> tiers = found is null ? [] : [.. found["tiers"].AsBsonArray.Select(tier => tier["id"].ToId())];
            var stored = await StoredAsync(eventId, waiting);
            var batch = new TicketUpdateBatch(tiers, stored);
            var outcomes = waiting.ConvertAll(one => Apply(batch, one.Update));
            if (!batch.Written.Any())
            {
                return outcomes;
            }

            var rounds = found is null ? 0 : RoundsOf(found);
            var document = UnfinishedBatch.Of(rounds + 1, batch);

            // Without the event there is nothing to count.
            if (found is null || await TryCountAsync(eventId, rounds, batch, document))
            {
                var known = stored.Select(order => order.OrderId).ToHashSet();
                await UnfinishedBatch.FinishAsync(database, eventId, document, order => !known.Contains(order["_id"].ToId()));
                return outcomes;
            }
        }
    }

    /// <summary>Counts a batch in the event's document, which carries it from then on; false when another was counted first.</summary>
    internal async Task<bool> TryCountAsync(Guid eventId, long rounds, TicketUpdateBatch batch, BsonDocument document)
    {
        var isNext = rounds == 0 ? Where.Exists(Rounds, false) | Where.Eq(Rounds, 0L) : Where.Eq(Rounds, rounds);
        var counts = batch.Counts.SelectMany(tier =>
            new[] { Set.Inc(HeldOf(tier.TierId), tier.Held), Set.Inc(SoldOf(tier.TierId), tier.Sold) }
        );
        var counted = await database.Events.UpdateOneAsync(
            Where.Eq("_id", eventId.Bson()) & isNext,
            Set.Combine(
                [
                    Set.Set(Rounds, rounds + 1),
                    Set.Set(UnfinishedBatch.Field, document),
                    Set.Max(EventDocuments.OrderedAt, batch.LastAt.Bson()),
                    .. counts,
                ]
            )
        );
        return counted.MatchedCount == 1;
    }

    /// <summary>Sets the counters of an event to what its ledger says; false when a batch was counted since it was read.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="rounds">How many batches had been counted when the ledger was read.</param>
    /// <param name="ledger">Read at one moment.</param>
    internal async Task<bool> TrySetCountsAsync(Guid eventId, long rounds, Ledger ledger)
    {
        var isNext = rounds == 0 ? Where.Exists(Rounds, false) | Where.Eq(Rounds, 0L) : Where.Eq(Rounds, rounds);
        var counts = ledger.Event.Tiers.SelectMany(tier =>
        {
            var (held, sold) = ledger.CountOf(tier);
            return new[] { Set.Set(HeldOf(tier.Id), held), Set.Set(SoldOf(tier.Id), sold) };
        });
        var set = await database.Events.UpdateOneAsync(Where.Eq("_id", eventId.Bson()) & isNext, Set.Combine(counts));
        return set.MatchedCount == 1;
    }

    /// <summary>How many batches were counted in an event's document.</summary>
    internal static long RoundsOf(BsonDocument document) => document.GetValue(Rounds, 0L).ToInt64();

    /// <summary>The orders of the batch, and all that hold one of their tickets.</summary>
    /// <remarks>
    /// Two queries, each with its own index: DocumentDB answers an <c>$or</c> of both by reading every order that there is. Nothing changes
    /// between them unless another batch is counted, and then this one is decided again.
    /// </remarks>
    private async Task<List<StoredOrder>> StoredAsync(Guid eventId, List<Waiting> waiting)
    {
        var orders = waiting.Select(one => one.Update.OrderId.Bson()).Distinct();
        var numbers = waiting.SelectMany(one => one.Update.Tickets).Select(ticket => ticket.Number).Distinct();
        var found = await Task.WhenAll(
            database.Orders.Find(Where.In("_id", orders)).ToListAsync(),
            database.Orders.Find(OrderDocuments.HoldingTicketsOf(eventId) & Where.In(OrderDocuments.Standing, numbers)).ToListAsync()
        );
        return [.. found.SelectMany(some => some).Select(OrderDocuments.Read).DistinctBy(order => order.OrderId)];
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

    private static string HeldOf(Guid tierId) => $"{EventDocuments.Counts}.{tierId:N}.held";

    private static string SoldOf(Guid tierId) => $"{EventDocuments.Counts}.{tierId:N}.sold";

    private sealed record Waiting(TicketUpdate Update)
    {
        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
