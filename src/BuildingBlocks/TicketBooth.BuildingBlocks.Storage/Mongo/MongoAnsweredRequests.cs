using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>One document per request. Every step is a conditional write of it, so hosts agree without a transaction.</summary>
internal sealed class MongoAnsweredRequests(MongoStorage storage) : IAnsweredRequests
{
    private readonly IMongoCollection<BsonDocument> requests = storage
        .Database("messaging")
        .GetCollection<BsonDocument>("answered_requests");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    public async Task<(bool IsMine, AnsweredRequest Request)> ReserveAsync(string id, AnsweredRequest request, DateTimeOffset validFrom)
    {
        while (true)
        {
            try
            {
                // Matches only a reservation that no longer counts; inserts where there is none.
                await requests.ReplaceOneAsync(
                    Where.Eq("_id", id) & Where.Lt("at", validFrom.Bson()),
                    Encode(id, request),
                    new ReplaceOptions { IsUpsert = true }
                );
                return (true, request);
            }
            catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
            {
                var left = await requests.FindOneAndUpdateAsync(
                    Where.Eq("_id", id)
                        & Where.Eq("fingerprint", request.Fingerprint)
                        & Where.Exists("answer", exists: false)
                        & Where.Lte("until", request.At.Bson()),
                    Set.Set("until", request.Until.Bson()),
                    new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After }
                );
                if (left is not null)
                {
                    return (true, Read(left));
                }

                // Removed since the first attempt when it is not found: then it is free again.
                if (await requests.Find(Where.Eq("_id", id)).FirstOrDefaultAsync() is { } found)
                {
                    return (false, Read(found));
                }
            }
        }
    }

    public Task AnswerAsync(string id, Guid operationId, StoredAnswer answer) =>
        requests.UpdateOneAsync(
            Of(id, operationId),
            Set.Set(
                "answer",
                new BsonDocument
                {
                    { "status", answer.Status },
                    { "content_type", (BsonValue?)answer.ContentType ?? BsonNull.Value },
                    { "location", (BsonValue?)answer.Location ?? BsonNull.Value },
                    { "etag", (BsonValue?)answer.ETag ?? BsonNull.Value },
                    { "body", answer.Body },
                }
            )
        );

    public Task EndAsync(string id, Guid operationId) =>
        requests.UpdateOneAsync(Of(id, operationId), Set.Set("until", DateTimeOffset.MinValue.Bson()));

    public Task RemoveAsync(string id, Guid operationId) =>
        requests.DeleteOneAsync(Of(id, operationId) & Where.Exists("answer", exists: false));

    public Task ForgetAsync(DateTimeOffset before) =>
        requests.PatientlyAsync(all => all.DeleteManyAsync(Where.Lt("at", before.Bson())));

    private static FilterDefinition<BsonDocument> Of(string id, Guid operationId) =>
        Where.Eq("_id", id) & Where.Eq("operation", operationId.Bson());

    private static BsonDocument Encode(string id, AnsweredRequest request) =>
        new()
        {
            { "_id", id },
            { "fingerprint", request.Fingerprint },
            { "operation", request.OperationId.Bson() },
            { "at", request.At.Bson() },
            { "until", request.Until.Bson() },
        };

    private static AnsweredRequest Read(BsonDocument document) =>
        new(
            document["fingerprint"].AsString,
            document["operation"].ToId(),
            document["at"].ToTime(),
            document["until"].ToTime(),
            document.TryGetValue("answer", out var answer) ? ReadAnswer(answer.AsBsonDocument) : null
        );

    private static StoredAnswer ReadAnswer(BsonDocument answer) =>
        new(
            answer["status"].AsInt32,
            TextOrNull(answer["content_type"]),
            TextOrNull(answer["location"]),
            TextOrNull(answer["etag"]),
            answer["body"].AsByteArray
        );

    private static string? TextOrNull(BsonValue value) => value.IsBsonNull ? null : value.AsString;
}
