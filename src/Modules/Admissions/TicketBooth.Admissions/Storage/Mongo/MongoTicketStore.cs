using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using static TicketBooth.Admissions.Storage.Mongo.MongoAdmissionsDatabase;

namespace TicketBooth.Admissions.Storage.Mongo;

/// <summary>Tickets in the module's MongoDB database, a document each.</summary>
internal sealed class MongoTicketStore(MongoAdmissionsDatabase database) : ITicketStore
{
    private static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    public IOutbox Outbox => database.TicketOutbox;

    /// <remarks>
    /// Another host may write a number of the same event at the same time. Then the unique index over generations, or a version that is
    /// another by now, refuses a part of the page, and the page is decided again: what was written is known by its revision.
    /// </remarks>
    public async Task ApplyAsync(IReadOnlyList<OrderTickets> changes)
    {
        while (!await TryApplyAsync(changes)) { }
    }

    public Task<IReadOnlyList<IssuedTicket>> OfOrderAsync(Guid orderId) =>
        FindAsync(Where.Eq("order", orderId.Bson()), Sorted.Ascending("number"));

    public Task<IReadOnlyList<IssuedTicket>> OfOrdersAsync(IReadOnlyCollection<Guid> orderIds) =>
        FindAsync(Where.In("order", orderIds.Select(id => id.Bson())));

    public async Task<IssuedTicket?> OfTransferAsync(Guid transferId) =>
        await FindAsync(Where.Eq("transfer", transferId.Bson()), limit: 1) is [var found] ? found : null;

    public Task<IReadOnlyList<IssuedTicket>> OfOwnerAsync(Guid ownerId) =>
        FindAsync(Where.Eq("owner", ownerId.Bson()), Sorted.Ascending("event").Ascending("number"));

    /// <remarks>The type is named for the partial index; few offers are open at a time.</remarks>
    public Task<IReadOnlyList<IssuedTicket>> OfferedToAsync(string email) =>
        FindAsync(
            Where.Type("transfer_email", BsonType.String)
                & Where.Regex("transfer_email", new BsonRegularExpression("^" + Regex.Escape(email) + "$", "i")),
            Sorted.Ascending("event").Ascending("number")
        );

    public Task<IReadOnlyList<IssuedTicket>> OfNumberAsync(Guid eventId, int number) =>
        FindAsync(Where.Eq("event", eventId.Bson()) & Where.Eq("number", number), Sorted.Ascending("generation"));

    public async Task<IReadOnlyList<IssuedTicket>> OfEventAsync(Guid eventId, int afterNumber, int numbers)
    {
        var behind = Where.Eq("event", eventId.Bson()) & Where.Gt("number", afterNumber);
        var byNumber = Sorted.Ascending("number").Ascending("generation");

        // As many tickets as numbers are wanted, and then all of their last number.
        var first = await FindAsync(behind, byNumber, numbers);
        return first.Count < numbers ? first : await FindAsync(behind & Where.Lte("number", first[^1].Number), byNumber);
    }

    public Task<IReadOnlyList<IssuedTicket>> ListAsync((Guid EventId, int Number, Guid OrderId)? after, int limit)
    {
        var all = Where.Empty;
        if (after is var (eventId, number, orderId))
        {
            var ofEvent = Where.Eq("event", eventId.Bson());
            all = Where.Or(
                Where.Gt("event", eventId.Bson()),
                ofEvent & Where.Gt("number", number),
                ofEvent & Where.Eq("number", number) & Where.Gt("order", orderId.Bson())
            );
        }

        return FindAsync(all, Sorted.Ascending("event").Ascending("number").Ascending("order"), limit);
    }

    public async Task<bool> TryChangeAsync(IssuedTicket after, params IReadOnlyList<OutboxEntry> messages)
    {
        var update = Set.Set("generation", after.Generation)
            .Set("code", Text(after.Code))
            .Set("holder", Text(after.HolderName))
            .Set("owner", after.OwnerId.Bson())
            .Set("transfers", after.Transfers)
            .Set("transfer", after.TransferId.Bson())
            .Set("transfer_email", Text(after.TransferEmail))
            .Inc("version", 1);
        if (messages.Count > 0)
        {
            update = update.PushEach(MongoOutbox.Field, messages.Select(MongoOutbox.Encode));
        }

        try
        {
            if ((await database.Tickets.UpdateOneAsync(Is(after) & Where.Eq("version", after.Version), update)).MatchedCount == 0)
            {
                return false;
            }
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }

        if (messages.Count > 0)
        {
            database.TicketOutbox.Signal(IdOf(after));
        }

        return true;
    }

    public async Task<DateTimeOffset?> MomentAsync(Moment moment) =>
        (await database.Moments.Find(Where.Eq("_id", StoredNames<Moment>.Of(moment))).FirstOrDefaultAsync())?["at"].ToTime();

    public Task SetMomentAsync(Moment moment, DateTimeOffset at) =>
        database.Moments.UpdateOneAsync(
            Where.Eq("_id", StoredNames<Moment>.Of(moment)),
            Set.Max("at", at.Bson()),
            new UpdateOptions { IsUpsert = true }
        );

    /// <summary>False when a part of it must be decided again.</summary>
    private async Task<bool> TryApplyAsync(IReadOnlyList<OrderTickets> changes)
    {
        var known = new Dictionary<(Guid, int, Guid), IssuedTicket>();
        foreach (var ofEvent in changes.GroupBy(change => change.EventId))
        {
            var numbers = ofEvent.SelectMany(change => change.Tickets).Select(ticket => ticket.Number).Distinct();
            foreach (var ticket in await FindAsync(Where.Eq("event", ofEvent.Key.Bson()) & Where.In("number", numbers)))
            {
                known[ticket.Key] = ticket;
            }
        }

        var before = new Dictionary<(Guid, int, Guid), IssuedTicket>(known);
        var byNumber = known
            .Values.GroupBy(ticket => (ticket.EventId, ticket.Number))
            .ToDictionary(same => same.Key, same => same.ToList());
        var written = new Dictionary<(Guid, int, Guid), IssuedTicket>();
        foreach (var change in changes)
        {
            var ofNumbers = change.Tickets.SelectMany(ticket => byNumber.GetValueOrDefault((change.EventId, ticket.Number)) ?? []);
            foreach (var ticket in IssueRules.Apply(ofNumbers, change))
            {
                var same = byNumber.TryGetValue((ticket.EventId, ticket.Number), out var found) ? found : [];
                same.RemoveAll(other => other.OrderId == ticket.OrderId);
                same.Add(ticket);
                byNumber[(ticket.EventId, ticket.Number)] = same;
                written[ticket.Key] = ticket;
            }
        }

        return written.Count == 0 || await TryWriteAsync(written, before);
    }

    private async Task<bool> TryWriteAsync(
        Dictionary<(Guid, int, Guid), IssuedTicket> written,
        Dictionary<(Guid, int, Guid), IssuedTicket> before
    )
    {
        var writes = written
            .Select<KeyValuePair<(Guid, int, Guid), IssuedTicket>, WriteModel<BsonDocument>>(ticket =>
                before.TryGetValue(ticket.Key, out var former)
                    // Not replaced: it may hold messages that wait.
                    ? new UpdateOneModel<BsonDocument>(
                        Is(former) & Where.Eq("version", former.Version),
                        new BsonDocument("$set", FieldsOf(ticket.Value))
                    )
                    : new InsertOneModel<BsonDocument>(DocumentOf(ticket.Value))
            )
            .ToList();
        try
        {
            var outcome = await database.Tickets.BulkWriteAsync(writes, Unordered);
            return outcome.InsertedCount + outcome.MatchedCount == writes.Count;
        }
        catch (MongoBulkWriteException<BsonDocument> failure)
            when (failure.WriteConcernError is null && failure.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<IssuedTicket>> FindAsync(
        FilterDefinition<BsonDocument> filter,
        SortDefinition<BsonDocument>? sort = null,
        int? limit = null
    ) => (await database.Tickets.Find(filter).Sort(sort).Limit(limit).ToListAsync()).ConvertAll(Read);

    private static FilterDefinition<BsonDocument> Is(IssuedTicket ticket) =>
        Where.Eq("event", ticket.EventId.Bson()) & Where.Eq("number", ticket.Number) & Where.Eq("order", ticket.OrderId.Bson());

    private static BsonDocument IdOf(IssuedTicket ticket) =>
        new()
        {
            { "event", ticket.EventId.Bson() },
            { "number", ticket.Number },
            { "order", ticket.OrderId.Bson() },
        };

    private static BsonDocument DocumentOf(IssuedTicket ticket) => new BsonDocument("_id", IdOf(ticket)).AddRange(FieldsOf(ticket));

    private static BsonDocument FieldsOf(IssuedTicket ticket) =>
        new()
        {
            { "event", ticket.EventId.Bson() },
            { "number", ticket.Number },
            { "order", ticket.OrderId.Bson() },
            { "tier", ticket.TierId.Bson() },
            { "price", ticket.Price },
            { "currency", ticket.Currency },
            { "buyer", ticket.BuyerId.Bson() },
            { "revision", ticket.Revision },
            { "active", ticket.IsActive },
            { "generation", ticket.Generation },
            { "version", ticket.Version },
            { "code", Text(ticket.Code) },
            { "holder", Text(ticket.HolderName) },
            { "owner", ticket.OwnerId.Bson() },
            { "transfers", ticket.Transfers },
            { "transfer", ticket.TransferId.Bson() },
            { "transfer_email", Text(ticket.TransferEmail) },
        };

    private static IssuedTicket Read(BsonDocument document) =>
        new(document["event"].ToId(), document["number"].AsInt32, document["order"].ToId())
        {
            TierId = document["tier"].ToId(),
            Price = document["price"].AsInt64,
            Currency = document["currency"].AsString,
            BuyerId = document["buyer"].ToId(),
            Revision = document["revision"].AsInt32,
            IsActive = document["active"].AsBoolean,
            Generation = document["generation"].AsInt32,
            Version = document["version"].AsInt32,
            Code = TextOf(document["code"]),
            HolderName = TextOf(document["holder"]),
            OwnerId = document["owner"].ToIdOrNull(),
            Transfers = document["transfers"].AsInt32,
            TransferId = document["transfer"].ToIdOrNull(),
            TransferEmail = TextOf(document["transfer_email"]),
        };

    private static BsonValue Text(string? text) => (BsonValue?)text ?? BsonNull.Value;

    private static string? TextOf(BsonValue value) => value.IsBsonNull ? null : value.AsString;
}
