using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Storage;

/// <summary>
/// Takes sales into MongoDB in rounds: all that wait for one event while a round of it is on its way go into the next, which is one transaction over their
/// documents and the event's counters. A transaction for every sale would make a sold-out event wait in a queue in front of its own document.
/// </summary>
internal sealed class MongoSaleIntake(
    MongoStorage storage,
    IMongoCollection<BsonDocument> events,
    IMongoCollection<BsonDocument> sales,
    IMongoCollection<BsonDocument> demand
)
{
    private const int LargestRound = 256;

    // Every event with a round under way, and who waits for its next.
    private readonly Dictionary<Guid, Queue<Waiting>> queues = [];

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    /// <summary>As <see cref="IEventStore.ApplyAsync"/>.</summary>
    public Task<bool> TakeInAsync(Sale sale)
    {
        var mine = new Waiting(sale);
        lock (queues)
        {
            if (queues.TryGetValue(sale.EventId, out var queue))
            {
                queue.Enqueue(mine);
                return mine.Outcome.Task;
            }

            queues[sale.EventId] = new Queue<Waiting>([mine]);
        }

        _ = Task.Run(() => RunAsync(sale.EventId));
        return mine.Outcome.Task;
    }

    /// <summary>Rounds until nobody waits.</summary>
    private async Task RunAsync(Guid eventId)
    {
        while (Next(eventId) is { Count: > 0 } round)
        {
            try
            {
                await RunRoundAsync(eventId, round);
            }
#pragma warning disable CA1031 // whatever the store threw belongs to everyone in the round
            catch (Exception failure)
#pragma warning restore CA1031
            {
                round.ForEach(waiting => waiting.Outcome.TrySetException(failure));
            }
        }
    }

    private List<Waiting> Next(Guid eventId)
    {
        lock (queues)
        {
            var queue = queues[eventId];
            var round = new List<Waiting>(Math.Min(queue.Count, LargestRound));
            while (round.Count < LargestRound && queue.TryDequeue(out var waiting))
            {
                round.Add(waiting);
            }

            if (round.Count == 0)
            {
                queues.Remove(eventId);
            }

            return round;
        }
    }

    private async Task RunRoundAsync(Guid eventId, List<Waiting> round)
    {
        // Again and again until no other host's round came in between: what a round found out counts only once it is committed.
        var outcomes = await storage.InTransactionAsync(session => DecideAsync(session, eventId, round));
        for (var i = 0; i < round.Count; i++)
        {
            if (outcomes[i].Refusal is { } refusal)
            {
                round[i].Outcome.SetException(refusal);
            }
            else
            {
                round[i].Outcome.SetResult(outcomes[i].Changed);
            }
        }
    }

    private async Task<List<(bool Changed, InvalidOperationException? Refusal)>> DecideAsync(
        IClientSessionHandle session,
        Guid eventId,
        List<Waiting> round
    )
    {
        // The event's document first, and as a write: of two hosts' rounds the second one fails here, before it has done any work.
        var found = await events.FindOneAndUpdateAsync(
            session,
            Where.Eq("_id", eventId.Bson()),
            Set.Inc("rounds", 1L),
            new FindOneAndUpdateOptions<BsonDocument> { Projection = Builders<BsonDocument>.Projection.Include("tiers.id") }
        );
        HashSet<Guid> tiers = found is null ? [] : [.. found["tiers"].AsBsonArray.Select(tier => tier["id"].ToId())];
        var decided = new SaleRound(tiers, await StoredAsync(session, eventId, round));
        var outcomes = round.ConvertAll(waiting => TakeIn(decided, waiting.Sale));
        var writes = decided.Written.Select(sale => Write(eventId, sale)).ToList();
        if (writes.Count > 0)
        {
            await sales.BulkWriteAsync(session, writes, new BulkWriteOptions { IsOrdered = false });
        }

        var counts = decided
            .Counts.SelectMany(tier => new[] { Set.Inc(HeldOf(tier.TierId), tier.Held), Set.Inc(SoldOf(tier.TierId), tier.Sold) })
            .ToList();
        if (counts.Count > 0)
        {
            await events.UpdateOneAsync(session, Where.Eq("_id", eventId.Bson()), Set.Combine(counts));
        }

        var minutes = decided.Minutes.GroupBy(change => change.Minute, (minute, tiers) => Count(eventId, minute, tiers)).ToList();
        if (minutes.Count > 0)
        {
            await demand.BulkWriteAsync(session, minutes, new BulkWriteOptions { IsOrdered = false });
        }

        return outcomes;
    }

    private async Task<List<StoredSale>> StoredAsync(IClientSessionHandle session, Guid eventId, List<Waiting> round)
    {
        var orders = round.Select(waiting => waiting.Sale.OrderId.Bson()).Distinct();
        var numbers = round.SelectMany(waiting => waiting.Sale.Tickets).Select(ticket => ticket.Number).Distinct();
        var theirs = Where.In("_id", orders);
        var standing =
            Where.Eq("event", eventId.Bson()) & Where.Exists(MongoEventStore.Standing) & Where.In(MongoEventStore.Standing, numbers);
        return (await sales.Find(session, theirs | standing).ToListAsync()).ConvertAll(MongoEventStore.ReadSale);
    }

    private static (bool, InvalidOperationException?) TakeIn(SaleRound round, Sale sale)
    {
        try
        {
            return (round.TakeIn(sale), null);
        }
        catch (InvalidOperationException refusal)
        {
            return (false, refusal);
        }
    }

    private static UpdateOneModel<BsonDocument> Write(Guid eventId, StoredSale sale)
    {
        var update = Set.Set("revision", sale.Revision).Set("state", (int)sale.State).Set("tickets", sale.Numbers.Count);
        update =
            sale.State == TicketState.Available
                ? update.Unset(MongoEventStore.Standing)
                : update.Set(MongoEventStore.Standing, new BsonArray(sale.Numbers));
        return new UpdateOneModel<BsonDocument>(Where.Eq("_id", sale.OrderId.Bson()), update.SetOnInsert("event", eventId.Bson()))
        {
            IsUpsert = true,
        };
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

    private static string HeldOf(Guid tierId) => $"{MongoEventStore.Counts}.{tierId:N}.held";

    private static string SoldOf(Guid tierId) => $"{MongoEventStore.Counts}.{tierId:N}.sold";

    private sealed record Waiting(Sale Sale)
    {
        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
