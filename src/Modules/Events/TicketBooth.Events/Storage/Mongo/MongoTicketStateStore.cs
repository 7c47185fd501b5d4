using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>Orders, the tickets that they hold and the counters of these, in the module's MongoDB database.</summary>
internal sealed class MongoTicketStateStore(MongoEventsDatabase database) : ITicketStateStore
{
    // An $elemMatch over the index would express a range exactly; it ends DocumentDB's server process.
    private const int MostNumbers = 1024;

    private readonly MongoTicketUpdateQueue updates = new(database);

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static ProjectionDefinitionBuilder<BsonDocument> Only => Builders<BsonDocument>.Projection;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    /// <remarks>
    /// There is no inbox: a message states one revision of one order, and a revision is applied once. It is known for as long as the order
    /// is. The updates of an event are written together, events side by side.
    /// </remarks>
    public async Task<IReadOnlyCollection<Guid>> ApplyAsync(IReadOnlyList<TicketUpdate> changes)
    {
        var changed = await Task.WhenAll(changes.Select(updates.ApplyAsync));
        return [.. changes.Where((_, i) => changed[i]).Select(update => update.EventId).Distinct()];
    }

    public async Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last)
    {
        // A short range is listed number by number. In a long one each bound may be met by another element of the array, so orders with
        // tickets on both sides of the range come along.
        var within =
            last - first < MostNumbers
                ? Where.In(OrderDocuments.Standing, Enumerable.Range(first, last - first + 1))
                : Where.Gte(OrderDocuments.Standing, first) & Where.Lte(OrderDocuments.Standing, last);
        var found = await database
            .Orders.Find(OrderDocuments.HoldingTicketsOf(eventId) & within)
            .Project(Only.Include("state").Include(OrderDocuments.Standing).Include("revision"))
            .ToListAsync();
        return
        [
            .. found
                .ConvertAll(OrderDocuments.Read)
                .SelectMany(order => order.Numbers, (order, number) => new TakenTicket(number, order.State))
                .Where(ticket => ticket.Number >= first && ticket.Number <= last)
                .GroupBy(ticket => ticket.Number, (number, standing) => new TakenTicket(number, standing.Max(ticket => ticket.State)))
                .OrderBy(ticket => ticket.Number),
        ];
    }

    public async Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute)
    {
        var found = await database
            .Demand.Find(Where.Eq("event", eventId.Bson()) & Where.Gte("minute", fromMinute))
            .Sort(Sorted.Ascending("minute"))
            .ToListAsync();
        return
        [
            .. found.SelectMany(minute =>
                minute["tiers"]
                    .AsBsonDocument.Select(tier => new DemandMinute(
                        minute["minute"].AsInt64,
                        Guid.ParseExact(tier.Name, "N"),
                        tier.Value.AsBsonDocument.GetValue("held", 0).AsInt32,
                        tier.Value.AsBsonDocument.GetValue("sold", 0).AsInt32
                    ))
            ),
        ];
    }

    public Task ForgetDemandAsync(long beforeMinute) =>
        database.Demand.PatientlyAsync(all => all.DeleteManyAsync(Where.Lt("minute", beforeMinute)));

    public async Task<Ledger?> LedgerAsync(Guid eventId) => (await ReadLedgerAsync(eventId))?.Ledger;

    public async Task<bool> RecountAsync(Guid eventId) =>
        await ReadLedgerAsync(eventId) is not var (ledger, rounds) || await updates.TrySetCountsAsync(eventId, rounds, ledger);

    private Task<(Ledger Ledger, long Rounds)?> ReadLedgerAsync(Guid eventId) =>
        database.AtOneMomentAsync<(Ledger Ledger, long Rounds)?>(async session =>
        {
            if (await database.Events.Find(session, Where.Eq("_id", eventId.Bson())).FirstOrDefaultAsync() is not { } found)
            {
                return null;
            }

            var active = await database.Orders.Find(session, OrderDocuments.HoldingTicketsOf(eventId)).ToListAsync();
            if (UnfinishedBatch.In(found) is { } batch)
            {
                // It is counted, so its orders are as they are to be stored.
                var counted = UnfinishedBatch.OrdersOf(batch).ToDictionary(order => order["_id"]);
                active =
                [
                    .. active.Where(order => !counted.ContainsKey(order["_id"])),
                    .. counted
                        .Values.Where(order => order.Contains(OrderDocuments.Standing))
                        .Select(order => order.Add("event", found["_id"])),
                ];
            }

            var ledger = new Ledger(
                EventDocuments.Read(found),
                [
                    .. active
                        .ConvertAll(OrderDocuments.Read)
                        .SelectMany(
                            order => order.Numbers,
                            (order, number) => new Claim(number, order.OrderId, order.State == TicketState.Sold)
                        )
                        .OrderBy(claim => claim.Number),
                ],
                active.ConvertAll(OrderDocuments.ReadKnown)
            );
            return (ledger, MongoTicketUpdateQueue.RoundsOf(found));
        });

    public async Task<IReadOnlyDictionary<Guid, KnownOrder>> OrdersAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders)
    {
        var asked = orders.ToHashSet();
        var found = await database
            .Orders.Find(Where.In("_id", orders.Select(order => order.OrderId.Bson())))
            .Project(Only.Exclude(OrderDocuments.Standing))
            .ToListAsync();
        return found
            .ConvertAll(OrderDocuments.ReadKnown)
            .Where(order => asked.Contains((order.EventId, order.OrderId)))
            .ToDictionary(order => order.OrderId);
    }
}
