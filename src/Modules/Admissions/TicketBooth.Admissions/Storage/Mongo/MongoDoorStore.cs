using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using static TicketBooth.Admissions.Storage.Mongo.MongoAdmissionsDatabase;

namespace TicketBooth.Admissions.Storage.Mongo;

/// <summary>Doors and scans in the module's MongoDB database. A scan carries its message, so that both are one write.</summary>
internal sealed class MongoDoorStore(MongoAdmissionsDatabase database) : IDoorStore
{
    private static readonly CheckInOutcome[] Passages = [CheckInOutcome.Admitted, CheckInOutcome.Left];

    public IOutbox Outbox => database.Outbox;

    public async Task<DoorEvent?> FindEventAsync(Guid eventId) =>
        await database.Events.Find(Where.Eq("_id", eventId.Bson())).FirstOrDefaultAsync() is { } found
            ? ScanDocuments.ReadEvent(found)
            : null;

    public async Task SaveFactsAsync(DoorEvent facts)
    {
        var update = Set.Set("version", facts.Version)
            .Set("name", facts.Name)
            .Set("venue", facts.Venue)
            .Set("starts", facts.StartsAt.Bson())
            .Set("currency", facts.Currency)
            .Set("canceled", facts.IsCanceled)
            .Set("tiers", JsonSerializer.Serialize(facts.Tiers, DoorJson.Default.IReadOnlyListDoorTier));
        try
        {
            await database.Events.UpdateOneAsync(
                Where.Eq("_id", facts.Id.Bson()) & Where.Lt("version", facts.Version),
                update,
                new UpdateOptions { IsUpsert = true }
            );
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // The event is known with this version or a newer one, which the filter did not find.
        }
    }

    public async Task<bool> SaveRulesAsync(Guid eventId, DoorRules rules) =>
        (
            await database.Events.UpdateOneAsync(
                Where.Eq("_id", eventId.Bson()),
                Set.Set("rules", JsonSerializer.Serialize(rules, DoorJson.Default.DoorRules))
            )
        ).MatchedCount == 1;

    public Task AddKeyAsync(Guid eventId, byte[] publicKey, byte[] privateKey) =>
        database.Events.UpdateOneAsync(
            Where.Eq("_id", eventId.Bson()) & Where.Exists("public_key", exists: false),
            Set.Set("public_key", publicKey).Set("private_key", privateKey)
        );

    public async Task<Scan?> FindScanAsync(Guid scanId) =>
        await database.Scans.Find(Where.Eq("_id", scanId.Bson())).FirstOrDefaultAsync() is { } found ? ScanDocuments.Read(found) : null;

    public async Task<IReadOnlyList<Scan>> PassagesAsync(TicketCode code) =>
        (
            await database
                .Scans.Find(
                    Where.Eq("event", code.EventId.Bson())
                        & Where.Eq("number", code.Number)
                        & Where.Eq("generation", code.Generation)
                        & Where.Exists("turn")
                )
                .Sort(Sorted.Ascending("turn"))
                .ToListAsync()
        ).ConvertAll(ScanDocuments.Read);

    public async Task<ScanWrite> AddScanAsync(Scan scan)
    {
        var messages = PassageMessages.Of(scan);
        var document = ScanDocuments.Of(scan);
        if (messages.Length > 0)
        {
            document.Add(MongoOutbox.Field, new BsonArray(messages.Select(MongoOutbox.Encode)));
        }

        try
        {
            await database.Scans.InsertOneAsync(document);
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return await database.Scans.Find(Where.Eq("_id", scan.Id.Bson())).AnyAsync() ? ScanWrite.Repeated : ScanWrite.TurnTaken;
        }

        if (messages.Length > 0)
        {
            database.Outbox.Signal(scan.Id.Bson());
        }

        return ScanWrite.Added;
    }

    public Task MarkOfflineAsync(Guid scanId) =>
        database.Scans.UpdateOneAsync(
            Where.Eq("_id", scanId.Bson()) & Where.Nin("outcome", Passages.Select(StoredNames<CheckInOutcome>.Of)),
            Set.Set("offline", value: true).Set("conflict", value: true)
        );

    /// <remarks>
    /// Whoever passes between the look and the write keeps a later turn without this one. The next passage counts from the last turn, so
    /// that the ticket is in or out as that one says.
    /// </remarks>
    public async Task<bool> UndoAsync(Scan passage, Actor by, DateTimeOffset at)
    {
        if (passage.Code is not { } code || await PassagesAsync(code) is not [.., var last] || last.Id != passage.Id)
        {
            return false;
        }

        var update = Set.Unset("turn")
            .Set("undone", at.Bson())
            .Set("undone_by", by.Id.Bson())
            .PushEach(MongoOutbox.Field, PassageMessages.OfUndone(passage, at).Select(MongoOutbox.Encode));
        var written = await database.Scans.UpdateOneAsync(Where.Eq("_id", passage.Id.Bson()) & Where.Exists("turn"), update);
        if (written.MatchedCount == 0)
        {
            return false;
        }

        database.Outbox.Signal(passage.Id.Bson());
        return true;
    }

    public async Task<IReadOnlyList<LastPassage>> LastPassagesAsync(Guid eventId)
    {
        var found = await database
            .Scans.Find(Where.Eq("event", eventId.Bson()) & Where.Exists("turn"))
            .Project(Builders<BsonDocument>.Projection.Include("number").Include("generation").Include("turn").Exclude("_id"))
            .ToListAsync();
        return
        [
            .. found
                .GroupBy(scan => (Number: scan["number"].AsInt32, Generation: scan["generation"].AsInt32))
                .Select(same => new LastPassage(same.Key.Number, same.Key.Generation, same.Max(scan => scan["turn"].AsInt32))),
        ];
    }

    public async Task<IReadOnlyList<Scan>> ListPassagesAsync(Guid? after, int limit) =>
        (
            await database
                .Scans.Find(
                    Where.Gt("_id", (after ?? Guid.Empty).Bson()) & Where.In("outcome", Passages.Select(StoredNames<CheckInOutcome>.Of))
                )
                .Sort(Sorted.Ascending("_id"))
                .Limit(limit)
                .ToListAsync()
        ).ConvertAll(ScanDocuments.Read);

    public async Task<IReadOnlyList<Scan>> ConflictsAsync(Guid eventId, int limit) =>
        (
            await database
                .Scans.Find(Where.Eq("event", eventId.Bson()) & Where.Exists("conflict"))
                .Sort(Sorted.Descending("at").Descending("_id"))
                .Limit(limit)
                .ToListAsync()
        ).ConvertAll(ScanDocuments.Read);
}
