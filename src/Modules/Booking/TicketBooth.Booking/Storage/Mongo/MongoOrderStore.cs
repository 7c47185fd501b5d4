using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>
/// A shard in a MongoDB database. An order is one document that carries its claims (<c>held</c>), its messages (<c>outbox</c>) and the
/// marks of the messages that changed it (<c>inbox</c>), so each write concerns one document and is atomic without a transaction. The
/// unique index over <c>held</c> decides who gets a ticket.
/// </summary>
internal sealed class MongoOrderStore(IMongoCollection<BsonDocument> orders, MongoOutbox outbox) : IOrderStore
{
    public const string Collection = "orders";

    private const string Held = OrderDocument.Held;
    private const string HeldIndex = "held_once";

    private readonly MongoOrderWriter writer = new(orders);
    private readonly MongoEventFrees frees = new(orders);

    public ITicketBlockStore Blocks { get; } = new MongoTicketBlockStore(orders, outbox);

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    /// <summary>
    /// Creates the indexes, the unique one first: nothing may be written without it. Any number of hosts may do so at the same time.
    /// </summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await orders.MakeIndexesAsync(
            [
                new(
                    keys.Ascending(Held),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = HeldIndex,
                        Unique = true,
                        PartialFilterExpression = Where.Exists(Held),
                    }
                ),
                new(
                    keys.Ascending("event").Ascending("_id"),
                    new CreateIndexOptions<BsonDocument> { Name = "event_active", PartialFilterExpression = Where.Exists(Held) }
                ),
                new(
                    keys.Ascending("event").Ascending("buyer").Ascending(OrderDocument.Turn),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "turn_once",
                        Unique = true,
                        PartialFilterExpression = Where.Exists(OrderDocument.Turn),
                    }
                ),
                new(
                    keys.Ascending("event").Ascending(OrderDocument.Freed),
                    new CreateIndexOptions<BsonDocument> { Name = "freed", PartialFilterExpression = Where.Exists(OrderDocument.Freed) }
                ),
                MongoEventFrees.Index,
                new(
                    keys.Ascending(OrderDocument.Owed),
                    new CreateIndexOptions<BsonDocument> { Name = "owed", PartialFilterExpression = Where.Exists(OrderDocument.Owed) }
                ),
                new(
                    keys.Ascending(CounterDocument.Email),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = CounterDocument.Email,
                        PartialFilterExpression = Where.Exists(CounterDocument.Email),
                    }
                ),
                new(keys.Ascending("buyer").Ascending("_id"), new CreateIndexOptions<BsonDocument> { Name = "buyer" }),
                new(
                    keys.Ascending("event").Ascending(TicketBlockDocument.At),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "blocks",
                        PartialFilterExpression = Where.Exists(TicketBlockDocument.Field),
                    }
                ),
                new(
                    keys.Ascending("expires"),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "due",
                        PartialFilterExpression = Where.Eq("status", (int)OrderStatus.OnPayment),
                    }
                ),
                InsertBatch.Index,
            ],
            cancellationToken
        );
        await outbox.EnsureIndexesAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes)
    {
        var batch = writes.Any(write => IsInsert(write.Change)) ? await outbox.BeginInsertsAsync() : null;
        WriteOutcome[] outcomes;
        try
        {
            outcomes = await writer.WriteAsync(writes, batch);
        }
        catch when (batch is not null)
        {
            outbox.Abandon(batch);
            throw;
        }

        if (batch is not null)
        {
            outbox.Signal(batch);
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            var change = writes[i].Change;
            if (outcomes[i] == WriteOutcome.Written && change.Events.Length > 0 && !(batch is not null && IsInsert(change)))
            {
                outbox.Signal(change.After.Id.Bson());
            }
        }

        return outcomes;
    }

    public async Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds) =>
        await OrdersAsync(orders.Find(Ids(orderIds) & IsOrder));

    public async Task<IReadOnlyList<Order>> HoldersAsync(IReadOnlyCollection<Guid> ticketIds) =>
        await OrdersAsync(orders.Find(Where.In(Held, ticketIds.Select(id => id.Bson())) & IsOrder));

    public async Task<IReadOnlyList<int>> TakenNumbersAsync(Guid eventId)
    {
        var holders = await orders.Find(Active(eventId)).Project(Builders<BsonDocument>.Projection.Include(Held)).ToListAsync();
        return
        [
            .. holders
                .SelectMany(holder => holder[Held].AsBsonArray)
                .Select(ticket => TaggedId.TryReadTag(ticket.ToId(), out var number) ? number : 0),
        ];
    }

    public Task<long> CountFreesAsync(Guid eventId) => frees.CountAsync(eventId);

    public async Task<IReadOnlyList<Order>> OfBuyersAsync(IReadOnlyCollection<BuyerOfEvent> buyers)
    {
        var withTurn = await OrdersAsync(orders.Find(MongoOrderWriter.WithTurn(buyers)));
        return withTurn.FindAll(order => buyers.Contains(BuyerOfEvent.Of(order)));
    }

    public async Task<IReadOnlyList<Order>> DueAsync(DateTimeOffset now, bool paymentUnderWay, int limit)
    {
        var awaiting = Where.Eq("payment_status", (int)OrderPaymentStatus.AwaitingConfirmation);
        var due =
            Where.Eq("status", (int)OrderStatus.OnPayment) & Where.Lte("expires", now.Bson()) & (paymentUnderWay ? awaiting : !awaiting);
        return await OrdersAsync(orders.Find(due).Sort(Sorted.Ascending("expires")).Limit(limit));
    }

    public async Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit)
    {
        var theirs = Where.Eq("buyer", buyerId.Bson());
        return await OrdersAsync(
            orders.Find(before is { } id ? theirs & Where.Lt("_id", id.Bson()) : theirs).Sort(Sorted.Descending("_id")).Limit(limit)
        );
    }

    public async Task<IReadOnlyList<Order>> ActiveOfEventAsync(Guid eventId, Guid? after, int limit) =>
        await PageAsync(Active(eventId) & IsOrder, after, limit);

    public async Task<IReadOnlyList<Order>> OwedAtCounterAsync(Guid? after, int limit) =>
        await PageAsync(Where.Exists(OrderDocument.Owed), after, limit);

    public async Task<IReadOnlyList<Order>> OfCounterEmailAsync(string email) =>
        await OrdersAsync(orders.Find(Where.Eq(CounterDocument.Email, CounterDocument.KeyOf(email))));

    public async Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit) => await PageAsync(IsOrder, after, limit);

    public async Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds)
    {
        var waiting = await orders
            .Find(await outbox.PendingOfAsync(Ids(orderIds), CancellationToken.None))
            .Project(Builders<BsonDocument>.Projection.Include("_id"))
            .ToListAsync();
        var pending = waiting.Select(order => order["_id"].ToId()).ToHashSet();

        // After the documents: a message enters a backlog before it leaves its document.
        pending.UnionWith(await outbox.KeysSetAsideAsync(orderIds, CancellationToken.None));
        return pending;
    }

    public async Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync()
    {
        // Claim and order are one document, so both are read as of one moment. Without its index the store could not decide anything.
        var indexes = await (await orders.Indexes.ListAsync()).ToListAsync();
        var isUnique = indexes.Exists(index => index["name"] == HeldIndex && index.GetValue("unique", false).ToBoolean());
        long withoutOrder = 0,
            withoutClaim = 0,
            claims = 0;
        using var cursor = await orders.Find(Where.Empty).ToCursorAsync();
        while (await cursor.MoveNextAsync())
        {
            foreach (var document in cursor.Current)
            {
                var held = document.TryGetValue(Held, out var field) ? field.AsBsonArray.Select(id => id.ToId()).ToHashSet() : [];
                var wanted = ClaimedBy(document);
                claims += held.Count;
                withoutOrder += held.Except(wanted).Count();
                withoutClaim += isUnique ? wanted.Except(held).Count() : wanted.Count;
            }
        }

        return (withoutOrder, withoutClaim, claims);
    }

    private static bool IsInsert(OrderChange change) => change.Before is null;

    private Task<List<Order>> PageAsync(FilterDefinition<BsonDocument> filter, Guid? after, int limit) =>
        OrdersAsync(orders.Find(after is { } id ? filter & Where.Gt("_id", id.Bson()) : filter).Sort(Sorted.Ascending("_id")).Limit(limit));

    private static async Task<List<Order>> OrdersAsync(IFindFluent<BsonDocument, BsonDocument> found) =>
        (await found.ToListAsync()).ConvertAll(OrderDocument.Read);

    /// <summary>The tickets that an order or a block must have claimed.</summary>
    private static HashSet<Guid> ClaimedBy(BsonDocument document)
    {
        if (document.Contains(TicketBlockDocument.Field))
        {
            var block = TicketBlockDocument.Read(document);
            return block.IsReleased ? [] : [.. block.TicketIds];
        }

        var order = OrderDocument.Read(document);
        return [.. order.Held.Select(ticket => ticket.Id)];
    }

    /// <summary>Blocks are documents of the same collection, because its unique index is to decide between them and orders.</summary>
    private static FilterDefinition<BsonDocument> IsOrder => Where.Exists(TicketBlockDocument.Field, exists: false);

    private static FilterDefinition<BsonDocument> Ids(IEnumerable<Guid> orderIds) => Where.In("_id", orderIds.Select(id => id.Bson()));

    /// <summary>Orders that hold tickets of the event.</summary>
    private static FilterDefinition<BsonDocument> Active(Guid eventId) => Where.Eq("event", eventId.Bson()) & Where.Exists(Held);
}
