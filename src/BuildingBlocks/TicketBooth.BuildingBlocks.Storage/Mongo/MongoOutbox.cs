using System.Threading.Channels;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>
/// The outbox of a collection: each document contains the messages about its own changes in a field. One write of one document so stores
/// state and messages at once (promise I3), without a transaction.
/// </summary>
/// <remarks>
/// The host that wrote the entries relays them (<see cref="Signal"/>). Entries of a host that died are found by the host that holds the
/// lease of the sweep. Two hosts may then deliver the same entries, which is a duplicate like any other.
/// </remarks>
public sealed class MongoOutbox(string name, IMongoCollection<BsonDocument> documents, ILeases leases, TimeProvider clock) : IDocumentOutbox
{
    /// <summary>The field that holds the entries; absent or empty when there are none.</summary>
    public const string Field = "outbox";

    private const int MostSignals = 100_000;
    private const int MostCounted = 10_000;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeftBehindAfter = TimeSpan.FromSeconds(5);

    // A signal may be dropped when the channel is full: the sweep finds the document.
    private readonly Channel<BsonValue> signals = Channel.CreateBounded<BsonValue>(
        new BoundedChannelOptions(MostSignals) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly MongoBacklog backlog = new(documents.Database);
    private long? lastSweep;

    public string Name => name;

    /// <summary>Names the outbox in the log of work that failed for it.</summary>
    public override string ToString() => name;

    /// <summary>The documents that hold entries.</summary>
    public static FilterDefinition<BsonDocument> IsPending { get; } = Builders<BsonDocument>.Filter.Exists(Field + ".at");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    /// <summary>What an insert puts into <see cref="Field"/>, and an update pushes to it.</summary>
    public static BsonDocument Encode(OutboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new BsonDocument
        {
            { "id", entry.MessageId.Bson() },
            { "type", entry.MessageType },
            { "key", entry.Key.Bson() },
            { "body", entry.Body },
            { "correlation", entry.CorrelationId.Bson() },
            { "trace", (BsonValue?)entry.TraceParent ?? BsonNull.Value },
            { "at", entry.At.Bson() },
        };
    }

    /// <summary>Creates the indexes of the sweep and of the backlogs. Any number of hosts may do so at once.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        await documents.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                Builders<BsonDocument>.IndexKeys.Ascending(Field + ".at"),
                new CreateIndexOptions<BsonDocument> { Name = "outbox_at", PartialFilterExpression = IsPending }
            ),
            cancellationToken: cancellationToken
        );
        await backlog.EnsureIndexesAsync(cancellationToken);
    }

    /// <summary>Tells the relay that a document with entries was written. A missing call delays them by seconds.</summary>
    public void Signal(BsonValue documentId) => signals.Writer.TryWrite(documentId);

    /// <summary>Those of the keys that have a message which is not delivered yet.</summary>
    public async Task<HashSet<Guid>> PendingKeysAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken)
    {
        var found = await documents
            .Find(IsPending & Where.In(Field + ".key", keys.Select(key => key.Bson())))
            .Project(Builders<BsonDocument>.Projection.Include(Field + ".key"))
            .ToListAsync(cancellationToken);
        var pending = found
            .SelectMany(document => document[Field].AsBsonArray)
            .Select(entry => entry["key"].ToId())
            .Intersect(keys)
            .ToHashSet();

        // After the documents: an entry enters the backlog before it leaves its document.
        pending.UnionWith(await KeysSetAsideAsync(keys, cancellationToken));
        return pending;
    }

    /// <summary>Those of the keys that have a message in the backlog of a destination.</summary>
    public Task<IEnumerable<Guid>> KeysSetAsideAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken) =>
        backlog.PendingKeysAsync(keys, cancellationToken);

    /// <remarks>
    /// A count looks at every document. So it stops at a number that is alarming anyway, and does not get slower as more wait.
    /// </remarks>
    public async Task<long> DepthAsync(CancellationToken cancellationToken) =>
        await documents.CountDocumentsAsync(IsPending, new CountOptions { Limit = MostCounted }, cancellationToken)
        + await backlog.CountAsync(MostCounted, cancellationToken);

    public async Task<IReadOnlyList<PendingDocument>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (lastSweep is not { } last || clock.GetElapsedTime(last) >= SweepInterval)
            {
                var found = await leases.TryHoldAsync("relay " + name, 3 * SweepInterval, cancellationToken)
                    ? await LeftBehindAsync(limit, cancellationToken)
                    : [];

                // A full page means that there are more.
                lastSweep = found.Count == limit ? null : clock.GetTimestamp();
                if (found.Count > 0)
                {
                    return found;
                }
            }

            var ids = new HashSet<BsonValue>();
            while (ids.Count < limit && signals.Reader.TryRead(out var id))
            {
                ids.Add(id);
            }

            if (ids.Count == 0)
            {
                await WaitAsync(cancellationToken);
            }
            else if (await LoadAsync(Where.In("_id", ids) & IsPending, limit, cancellationToken) is { Count: > 0 } page)
            {
                return page;
            }
        }
    }

    public async Task RemoveAsync(IReadOnlyList<PendingDocument> delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        var theirs = Where.In("_id", delivered.Select(document => (BsonValue)document.Id));
        var entries = delivered.SelectMany(document => document.Entries).Select(entry => entry.MessageId.Bson());
        await documents.UpdateManyAsync(theirs, Builders<BsonDocument>.Update.PullFilter<BsonDocument>(Field, Where.In("id", entries)));
    }

    public Task SetAsideAsync(string destination, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken) =>
        backlog.AddAsync(destination, entries, cancellationToken);

    public Task<IReadOnlyCollection<string>> BehindAsync(CancellationToken cancellationToken) =>
        backlog.DestinationsAsync(cancellationToken);

    public async Task<IReadOnlyList<OutboxEntry>?> TakeSetAsideAsync(string destination, int limit, CancellationToken cancellationToken)
    {
        var lease = $"relay {name} to {destination}";
        if (!await leases.TryHoldAsync(lease, 3 * SweepInterval, cancellationToken))
        {
            return null;
        }

        var page = await backlog.ReadAsync(destination, limit, cancellationToken);
        if (page.Count == 0)
        {
            await leases.ReleaseAsync(lease, cancellationToken);
        }

        return page;
    }

    public Task RemoveSetAsideAsync(string destination, IReadOnlyList<OutboxEntry> delivered) =>
        backlog.RemoveAsync(destination, delivered);

    private Task<List<PendingDocument>> LeftBehindAsync(int limit, CancellationToken cancellationToken) =>
        LoadAsync(IsPending & Where.Lt(Field + ".at", (clock.GetUtcNow() - LeftBehindAfter).Bson()), limit, cancellationToken);

    private async Task<List<PendingDocument>> LoadAsync(
        FilterDefinition<BsonDocument> filter,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = await documents
            .Find(filter)
            .Project(Builders<BsonDocument>.Projection.Include(Field))
            .Limit(limit)
            .ToListAsync(cancellationToken);
        return found.ConvertAll(document => new PendingDocument(
            document["_id"],
            [.. document[Field].AsBsonArray.Select(entry => Decode(entry.AsBsonDocument))]
        ));
    }

    /// <summary>Waits until there is a signal or the next sweep is due.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signal = signals.Reader.WaitToReadAsync(due.Token).AsTask();
        await Task.WhenAny(signal, Task.Delay(SweepInterval, clock, due.Token));
        await due.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    internal static OutboxEntry Decode(BsonDocument entry) =>
        new(
            entry["id"].ToId(),
            entry["type"].AsString,
            entry["key"].ToId(),
            entry["body"].AsByteArray,
            entry["correlation"].ToId(),
            entry["trace"].IsBsonNull ? null : entry["trace"].AsString,
            entry["at"].ToTime()
        );
}
