using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Storage;

/// <summary>
/// A shard in a MongoDB database. An order is one document that carries its claims (<c>held</c>), its messages (<c>outbox</c>) and the marks of the messages
/// that changed it (<c>inbox</c>), so each write is one document's and atomic without a transaction. The unique index over <c>held</c> decides who gets a ticket.
/// </summary>
internal sealed class MongoOrderStore(IMongoCollection<BsonDocument> orders, MongoOutbox outbox) : IOrderStore
{
    public const string Collection = "orders";

    private const string Held = "held";
    private const string Inbox = "inbox";
    private const string HeldIndex = "held_once";

    // An order sees one message per step of its payments; what is pushed out is older than any that comes again.
    private const int MarksKept = 64;

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    /// <summary>Makes the indexes, the unique one first: nothing may be written without it. Any number of hosts may do so at once.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await orders.Indexes.CreateManyAsync(
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
                new(keys.Ascending("buyer").Ascending("_id"), new CreateIndexOptions<BsonDocument> { Name = "buyer" }),
                new(
                    keys.Ascending("expires"),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "due",
                        PartialFilterExpression = Where.Eq("status", (int)OrderStatus.OnPayment),
                    }
                ),
            ],
            cancellationToken
        );
        await outbox.EnsureIndexesAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<OrderWrite> writes)
    {
        var outcomes = new WriteOutcome[writes.Count];
        foreach (var group in Independent(writes))
        {
            var inserts = group.Where(i => writes[i].Change.Before is null).ToList();
            var updates = group.Where(i => writes[i].Change.Before is not null).ToList();
            await Task.WhenAll(InsertAsync(writes, inserts, outcomes), UpdateAsync(writes, updates, outcomes));
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == WriteOutcome.Written && writes[i].Change.Messages.Length > 0)
            {
                outbox.Signal(writes[i].Change.After.Id.Bson());
            }
        }

        return outcomes;
    }

    public async Task<IReadOnlyList<Order>> LoadAsync(IReadOnlyCollection<Guid> orderIds) => await OrdersAsync(orders.Find(Ids(orderIds)));

    public async Task<IReadOnlyList<Order>> HoldersAsync(IReadOnlyCollection<Guid> ticketIds) =>
        await OrdersAsync(orders.Find(Where.In(Held, ticketIds.Select(id => id.Bson()))));

    public async Task<IReadOnlyList<int>> TakenNumbersAsync(Guid eventId)
    {
        var holders = await orders.Find(Active(eventId)).Project(Builders<BsonDocument>.Projection.Include("tickets.number")).ToListAsync();
        return [.. holders.SelectMany(order => order["tickets"].AsBsonArray).Select(ticket => ticket["number"].AsInt32)];
    }

    public async Task<int> CountTicketsAsync(Guid eventId, Guid buyerId)
    {
        var theirs = await orders
            .Find(Active(eventId) & Where.Eq("buyer", buyerId.Bson()))
            .Project(Builders<BsonDocument>.Projection.Include(Held))
            .ToListAsync();
        return theirs.Sum(order => order[Held].AsBsonArray.Count);
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
        await PageAsync(Active(eventId), after, limit);

    public async Task<IReadOnlyList<Order>> PageAsync(Guid? after, int limit) => await PageAsync(Where.Empty, after, limit);

    public async Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> orderIds)
    {
        var waiting = await orders
            .Find(Ids(orderIds) & MongoOutbox.IsPending)
            .Project(Builders<BsonDocument>.Projection.Include("_id"))
            .ToListAsync();
        return waiting.Select(order => order["_id"].ToId()).ToHashSet();
    }

    public async Task<(long ClaimsWithoutOrder, long TicketsWithoutClaim, long Claims)> CountClaimsAsync()
    {
        // Claim and order are one document, so each is seen at one moment. Without its index the store could not decide anything.
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
                var order = Read(document);
                var held = document.TryGetValue(Held, out var field) ? field.AsBsonArray.Select(id => id.ToId()).ToHashSet() : [];
                var wanted = order.HoldsTickets ? order.Tickets.Select(ticket => ticket.Id).ToHashSet() : [];
                claims += held.Count;
                withoutOrder += held.Except(wanted).Count();
                withoutClaim += isUnique ? wanted.Except(held).Count() : wanted.Count;
            }
        }

        return (withoutOrder, withoutClaim, claims);
    }

    /// <summary>
    /// The batch in groups whose writes may reach the store in any order: within a group no order is changed twice, no message counts twice, and no ticket is
    /// both freed and taken. The groups are written one after the other.
    /// </summary>
    private static IEnumerable<List<int>> Independent(IReadOnlyList<OrderWrite> writes)
    {
        var group = new List<int>();
        var (changed, messages, freed, taken) = (new HashSet<Guid>(), new HashSet<InboxKey>(), new HashSet<Guid>(), new HashSet<Guid>());
        for (var i = 0; i < writes.Count; i++)
        {
            var (change, inbox) = writes[i];
            var tickets = change.After.Tickets.Select(ticket => ticket.Id);
            if (
                changed.Contains(change.After.Id)
                || (inbox is { } key && messages.Contains(key))
                || (change.TakesTickets && freed.Count > 0 && tickets.Any(freed.Contains))
                || (change.FreesTickets && tickets.Any(taken.Contains))
            )
            {
                yield return group;
                group = [];
                changed.Clear();
                messages.Clear();
                freed.Clear();
                taken.Clear();
            }

            group.Add(i);
            changed.Add(change.After.Id);
            if (inbox is { } mark)
            {
                messages.Add(mark);
            }

            if (change.TakesTickets)
            {
                taken.UnionWith(tickets);
            }
            else if (change.FreesTickets)
            {
                freed.UnionWith(tickets);
            }
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private async Task InsertAsync(IReadOnlyList<OrderWrite> writes, List<int> inserts, WriteOutcome[] outcomes)
    {
        if (inserts.Count == 0)
        {
            return;
        }

        try
        {
            await orders.InsertManyAsync(inserts.Select(i => Document(writes[i])), new InsertManyOptions { IsOrdered = false });
        }
        catch (MongoBulkWriteException<BsonDocument> refused)
            when (refused.WriteConcernError is null && refused.WriteErrors.All(IsDuplicate))
        {
            // The id or a ticket: whoever has the id is this very order, placed by another caller with the same idempotency key.
            var losers = refused.WriteErrors.Select(error => inserts[error.Index]).ToList();
            var existing = await FindMarksAsync(losers.Select(i => writes[i].Change.After.Id));
            foreach (var i in losers)
            {
                outcomes[i] =
                    !existing.TryGetValue(writes[i].Change.After.Id, out var marks) ? WriteOutcome.TicketTaken
                    : writes[i].Inbox is { } inbox && marks.Marks.Contains(Mark(inbox)) ? WriteOutcome.Duplicate
                    : WriteOutcome.Stale;
            }
        }
    }

    private async Task UpdateAsync(IReadOnlyList<OrderWrite> writes, List<int> updates, WriteOutcome[] outcomes)
    {
        if (updates.Count == 0)
        {
            return;
        }

        // Tells our own writes from others' when not all of them matched.
        var batch = ObjectId.GenerateNewId();
        var models = updates.ConvertAll(i => Update(writes[i], batch));
        long matched;
        try
        {
            matched = (await orders.BulkWriteAsync(models, new BulkWriteOptions { IsOrdered = false })).MatchedCount;
        }
        catch (MongoBulkWriteException<BsonDocument> refused)
            when (refused.WriteConcernError is null && refused.WriteErrors.All(IsDuplicate))
        {
            foreach (var error in refused.WriteErrors)
            {
                outcomes[updates[error.Index]] = WriteOutcome.TicketTaken;
            }

            matched = refused.Result.MatchedCount;
        }

        var unrefused = updates.Where(i => outcomes[i] != WriteOutcome.TicketTaken).ToList();
        if (matched == updates.Count && unrefused.Count == updates.Count)
        {
            return;
        }

        var stored = await FindMarksAsync(unrefused.Select(i => writes[i].Change.After.Id));
        foreach (var i in unrefused)
        {
            var found = stored.GetValueOrDefault(writes[i].Change.After.Id);
            outcomes[i] =
                found is { Batch: { } by } && by == batch ? WriteOutcome.Written
                : writes[i].Inbox is { } inbox && found is not null && found.Marks.Contains(Mark(inbox)) ? WriteOutcome.Duplicate
                : WriteOutcome.Stale;
        }
    }

    private static UpdateOneModel<BsonDocument> Update(OrderWrite write, ObjectId batch)
    {
        var (change, inbox) = write;
        var order = change.After;
        var filter = Where.Eq("_id", order.Id.Bson()) & Where.Eq("version", change.Before!.Version);
        var update = Set.Set("status", (int)order.Status)
            .Set("paid", order.PaidAt.Bson())
            .Set("ended", order.EndedAt.Bson())
            .Set("expires", order.ExpiresAt.Bson())
            .Set("payment", order.PaymentId.Bson())
            .Set("payment_status", Bson(order.PaymentStatus))
            .Set("refunded_payments", Bson(order.RefundedPayments))
            .Set("revision", order.Revision)
            .Set("version", order.Version)
            .Set("batch", batch);
        if (change.TakesTickets)
        {
            update = update.Set(Held, Claims(order));
        }
        else if (change.FreesTickets)
        {
            update = update.Unset(Held);
        }

        if (change.Messages.Length > 0)
        {
            update = update.PushEach(MongoOutbox.Field, change.Messages.Select(MongoOutbox.Encode));
        }

        if (inbox is { } key)
        {
            filter &= Where.Ne(Inbox, Mark(key));
            update = update.PushEach(Inbox, [Mark(key)], slice: -MarksKept);
        }

        return new UpdateOneModel<BsonDocument>(filter, update);
    }

    private async Task<Dictionary<Guid, Written>> FindMarksAsync(IEnumerable<Guid> orderIds)
    {
        var found = await orders
            .Find(Ids(orderIds))
            .Project(Builders<BsonDocument>.Projection.Include("batch").Include(Inbox))
            .ToListAsync();
        return found.ToDictionary(
            order => order["_id"].ToId(),
            order => new Written(
                order.TryGetValue("batch", out var batch) ? batch.AsObjectId : null,
                order.TryGetValue(Inbox, out var marks) ? [.. marks.AsBsonArray.Select(mark => mark.AsString)] : []
            )
        );
    }

    private Task<List<Order>> PageAsync(FilterDefinition<BsonDocument> filter, Guid? after, int limit) =>
        OrdersAsync(orders.Find(after is { } id ? filter & Where.Gt("_id", id.Bson()) : filter).Sort(Sorted.Ascending("_id")).Limit(limit));

    private static async Task<List<Order>> OrdersAsync(IFindFluent<BsonDocument, BsonDocument> found) =>
        (await found.ToListAsync()).ConvertAll(Read);

    private static FilterDefinition<BsonDocument> Ids(IEnumerable<Guid> orderIds) => Where.In("_id", orderIds.Select(id => id.Bson()));

    /// <summary>Orders that hold tickets of the event.</summary>
    private static FilterDefinition<BsonDocument> Active(Guid eventId) => Where.Eq("event", eventId.Bson()) & Where.Exists(Held);

    private static bool IsDuplicate(BulkWriteError error) => error.Category == ServerErrorCategory.DuplicateKey;

    private static string Mark(InboxKey key) => $"{key.Consumer}/{key.MessageId:N}";

    private static BsonArray Claims(Order order) => new(order.Tickets.Select(ticket => ticket.Id.Bson()));

    private static BsonArray Bson(IReadOnlyList<Guid> ids) => new(ids.Select(id => id.Bson()));

    private static BsonValue Bson(OrderPaymentStatus? status) => status is { } value ? (int)value : BsonNull.Value;

    private static BsonDocument Document(OrderWrite write)
    {
        var (change, inbox) = write;
        var order = change.After;
        var document = new BsonDocument
        {
            { "_id", order.Id.Bson() },
            { "event", order.EventId.Bson() },
            { "buyer", order.BuyerId.Bson() },
            { "status", (int)order.Status },
            {
                "tickets",
                new BsonArray(
                    order.Tickets.Select(ticket => new BsonDocument
                    {
                        { "number", ticket.Number },
                        { "tier", ticket.TierId.Bson() },
                        { "price", ticket.Price },
                    })
                )
            },
            { "total", order.Total },
            { "currency", order.Currency },
            { "placed", order.PlacedAt.Bson() },
            { "expires", order.ExpiresAt.Bson() },
            { "payment", order.PaymentId.Bson() },
            { "payment_status", Bson(order.PaymentStatus) },
            { "refunded_payments", Bson(order.RefundedPayments) },
            { "paid", order.PaidAt.Bson() },
            { "ended", order.EndedAt.Bson() },
            { "revision", order.Revision },
            { "version", order.Version },
        };
        if (change.TakesTickets)
        {
            document.Add(Held, Claims(order));
        }

        if (change.Messages.Length > 0)
        {
            document.Add(MongoOutbox.Field, new BsonArray(change.Messages.Select(MongoOutbox.Encode)));
        }

        if (inbox is { } key)
        {
            document.Add(Inbox, new BsonArray { Mark(key) });
        }

        return document;
    }

    private static Order Read(BsonDocument document)
    {
        var eventId = document["event"].ToId();
        return new Order
        {
            Id = document["_id"].ToId(),
            EventId = eventId,
            BuyerId = document["buyer"].ToId(),
            Status = (OrderStatus)document["status"].AsInt32,
            Tickets =
            [
                .. document["tickets"]
                    .AsBsonArray.Select(ticket => new OrderedTicket(
                        TaggedId.Of(eventId, (ushort)ticket["number"].AsInt32),
                        ticket["number"].AsInt32,
                        ticket["tier"].ToId(),
                        ticket["price"].AsInt64
                    )),
            ],
            Total = document["total"].AsInt64,
            Currency = document["currency"].AsString,
            PlacedAt = document["placed"].ToTime(),
            ExpiresAt = document["expires"].ToTime(),
            PaymentId = document["payment"].ToIdOrNull(),
            PaymentStatus = document["payment_status"] is { IsBsonNull: false } status ? (OrderPaymentStatus)status.AsInt32 : null,
            RefundedPayments = [.. document["refunded_payments"].AsBsonArray.Select(id => id.ToId())],
            PaidAt = document.GetValue("paid", null).ToTimeOrNull(),
            EndedAt = document.GetValue("ended", null).ToTimeOrNull(),
            Revision = document["revision"].AsInt32,
            Version = document["version"].AsInt32,
        };
    }

    private sealed record Written(ObjectId? Batch, HashSet<string> Marks);
}
