using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>Writes batches of orders, and finds out what became of each write.</summary>
internal sealed class MongoOrderWriter(IMongoCollection<BsonDocument> orders)
{
    /// <param name="writes">What to write.</param>
    /// <param name="batch">Gets the messages of the orders that are inserted; null when the orders keep them.</param>
    public async Task<WriteOutcome[]> WriteAsync(IReadOnlyList<OrderWrite> writes, InsertBatch? batch)
    {
        var outcomes = new WriteOutcome[writes.Count];
        foreach (var group in WriteGroups.Split(writes))
        {
            var inserts = group.Where(i => writes[i].Change.Before is null).ToList();
            var updates = group.Where(i => writes[i].Change.Before is not null).ToList();
            await Task.WhenAll(InsertAsync(writes, inserts, outcomes, batch), UpdateAsync(writes, updates, outcomes));
        }

        return outcomes;
    }

    private async Task InsertAsync(IReadOnlyList<OrderWrite> writes, List<int> inserts, WriteOutcome[] outcomes, InsertBatch? batch)
    {
        if (inserts.Count == 0)
        {
            return;
        }

        var messages = inserts.ConvertAll(i => OrderDocument.Messages(writes[i]));
        try
        {
            await orders.InsertManyAsync(
                inserts.Select((write, i) => OrderDocument.Of(writes[write], messages[i], batch)),
                new InsertManyOptions { IsOrdered = false }
            );
        }
        catch (MongoBulkWriteException<BsonDocument> refused)
            when (refused.WriteConcernError is null && refused.WriteErrors.All(IsDuplicate))
        {
            // The id, a ticket or a turn. If the id exists, it is this very order, placed by another request with the same idempotency key.
            var losers = refused.WriteErrors.Select(error => inserts[error.Index]).ToList();
            var (existingOrders, takenTurns) = (
                FindMarksAsync(losers.Select(i => writes[i].Change.After.Id)),
                FindTurnsAsync(losers.Select(i => writes[i].Change))
            );
            var (existing, turns) = (await existingOrders, await takenTurns);
            foreach (var i in losers)
            {
                outcomes[i] =
                    existing.TryGetValue(writes[i].Change.After.Id, out var found) ? Refusal(writes[i], found)
                    : turns.Contains(TurnOf(writes[i].Change.After)) ? WriteOutcome.OutOfTurn
                    : WriteOutcome.TicketTaken;
            }
        }

        batch?.Add(messages.Where((_, i) => outcomes[inserts[i]] == WriteOutcome.Written).SelectMany(entries => entries));
    }

    private async Task UpdateAsync(IReadOnlyList<OrderWrite> writes, List<int> updates, WriteOutcome[] outcomes)
    {
        if (updates.Count == 0)
        {
            return;
        }

        // Marks this batch's own writes, to find them when not all of them matched.
        var batch = ObjectId.GenerateNewId();
        var models = updates.ConvertAll(i => OrderDocument.Update(writes[i], batch));
        long matched;
        try
        {
            matched = (await orders.BulkWriteAsync(models, new BulkWriteOptions { IsOrdered = false })).MatchedCount;
        }
        catch (MongoBulkWriteException<BsonDocument> refused)
            when (refused.WriteConcernError is null && refused.WriteErrors.All(IsDuplicate))
        {
            var losers = refused.WriteErrors.Select(error => updates[error.Index]).ToList();
            var turns = await FindTurnsAsync(losers.Select(i => writes[i].Change));
            foreach (var i in losers)
            {
                outcomes[i] = turns.Contains(TurnOf(writes[i].Change.After)) ? WriteOutcome.OutOfTurn : WriteOutcome.TicketTaken;
            }

            matched = refused.Result.MatchedCount;
        }

        var unrefused = updates.Where(i => outcomes[i] is not (WriteOutcome.TicketTaken or WriteOutcome.OutOfTurn)).ToList();
        if (matched == updates.Count && unrefused.Count == updates.Count)
        {
            return;
        }

        var stored = await FindMarksAsync(unrefused.Select(i => writes[i].Change.After.Id));
        foreach (var i in unrefused)
        {
            var found = stored.GetValueOrDefault(writes[i].Change.After.Id);
            outcomes[i] = found is { Batch: { } by } && by == batch ? WriteOutcome.Written : Refusal(writes[i], found);
        }
    }

    /// <summary>Orders that have a turn, of any of these buyers for any of these events.</summary>
    public static FilterDefinition<BsonDocument> WithTurn(IReadOnlyCollection<BuyerOfEvent> buyers)
    {
        var where = Builders<BsonDocument>.Filter;
        return where.In("event", buyers.Select(buyer => buyer.EventId).Distinct().Select(id => id.Bson()))
            & where.In("buyer", buyers.Select(buyer => buyer.BuyerId).Distinct().Select(id => id.Bson()))
            & where.Exists(OrderDocument.Turn);
    }

    /// <summary>The turns that are taken, of the buyers of changes that took one in vain.</summary>
    private async Task<HashSet<(BuyerOfEvent Buyer, int? Turn)>> FindTurnsAsync(IEnumerable<OrderChange> changes)
    {
        var buyers = changes
            .Where(change => change.After.Turn is { } turn && turn != change.Before?.Turn)
            .Select(change => BuyerOfEvent.Of(change.After))
            .ToHashSet();
        if (buyers.Count == 0)
        {
            return [];
        }

        var found = await orders
            .Find(WithTurn(buyers))
            .Project(Builders<BsonDocument>.Projection.Include("event").Include("buyer").Include(OrderDocument.Turn))
            .ToListAsync();
        return found
            .Select(order => (new BuyerOfEvent(order["event"].ToId(), order["buyer"].ToId()), (int?)order[OrderDocument.Turn].AsInt32))
            .ToHashSet();
    }

    private static (BuyerOfEvent Buyer, int? Turn) TurnOf(Order order) => (BuyerOfEvent.Of(order), order.Turn);

    private async Task<Dictionary<Guid, Written>> FindMarksAsync(IEnumerable<Guid> orderIds)
    {
        var found = await orders
            .Find(Builders<BsonDocument>.Filter.In("_id", orderIds.Select(id => id.Bson())))
            .Project(Builders<BsonDocument>.Projection.Include("batch").Include(OrderDocument.Inbox))
            .ToListAsync();
        return found.ToDictionary(
            order => order["_id"].ToId(),
            order => new Written(
                order.TryGetValue("batch", out var batch) ? batch.AsObjectId : null,
                order.TryGetValue(OrderDocument.Inbox, out var marks) ? [.. marks.AsBsonArray.Select(mark => mark.AsString)] : []
            )
        );
    }

    /// <summary>Why a write of an order that exists did not match.</summary>
    private static WriteOutcome Refusal(OrderWrite write, Written? found) =>
        write.Inbox is { } inbox && found is not null && found.Marks.Contains(OrderDocument.Mark(inbox))
            ? WriteOutcome.Duplicate
            : WriteOutcome.Stale;

    private static bool IsDuplicate(BulkWriteError error) => error.Category == ServerErrorCategory.DuplicateKey;

    private sealed record Written(ObjectId? Batch, HashSet<string> Marks);
}
