using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>Documents that are inserted together, each with its first messages in the field <see cref="Field"/>.</summary>
/// <remarks>
/// The messages stay in the document until its first change is delivered: that they are delivered is known from the batch's number. See
/// <see cref="MongoInsertSeries"/>.
/// </remarks>
public sealed class InsertBatch
{
    /// <summary>The field of the first messages, with the batch that they are of.</summary>
    public const string Field = "first";

    internal const string SeriesField = Field + ".series";
    internal const string NumberField = Field + ".number";
    internal const string AtField = Field + ".at";

    private readonly List<OutboxEntry> written = [];

    internal InsertBatch(InsertSeries series) => (Series, Number) = (series, series.Begin());

    internal InsertSeries Series { get; }

    internal long Number { get; }

    /// <summary>The messages of what was inserted.</summary>
    internal IReadOnlyList<OutboxEntry> Written => written;

    /// <summary>The index of a collection whose documents are inserted in batches: finds what a host left behind.</summary>
    public static CreateIndexModel<BsonDocument> Index { get; } =
        new(
            Builders<BsonDocument>.IndexKeys.Ascending(SeriesField).Ascending(NumberField),
            new CreateIndexOptions<BsonDocument>
            {
                Name = "outbox_series",
                PartialFilterExpression = Builders<BsonDocument>.Filter.Exists(SeriesField),
            }
        );

    /// <summary>What a document of the batch has in <see cref="Field"/>.</summary>
    /// <param name="entries">At least one; their key is the id of the document.</param>
    public BsonDocument Encode(IReadOnlyList<OutboxEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new BsonDocument
        {
            { "series", Series.Id },
            { "number", Number },
            { "at", entries[0].At.Bson() },
            { "messages", new BsonArray(entries.Select(MongoOutbox.Encode)) },
        };
    }

    /// <summary>A document was inserted; its messages are to be delivered.</summary>
    public void Add(IEnumerable<OutboxEntry> entries) => written.AddRange(entries);

    internal static IEnumerable<OutboxEntry> Decode(BsonDocument first) =>
        first["messages"].AsBsonArray.Select(entry => MongoOutbox.Decode(entry.AsBsonDocument));
}
