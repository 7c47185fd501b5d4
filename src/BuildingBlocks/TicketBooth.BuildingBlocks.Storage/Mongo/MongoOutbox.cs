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
/// The host that wrote the entries relays them: those of a change are read from the document (<see cref="Signal(BsonValue)"/>) and leave it
/// when they are delivered. Those of inserts are relayed from memory (<see cref="BeginInsertsAsync"/>), and one write acknowledges many.
/// Entries of a host that died are found by the host that holds the lease of the sweep. Two hosts may then deliver the same entries,
/// which is a duplicate like any other.
/// </remarks>
public sealed class MongoOutbox(string name, IMongoCollection<BsonDocument> documents, ILeases leases, TimeProvider clock) : IDocumentOutbox
{
    /// <summary>The field that holds the entries; absent or empty when there are none.</summary>
    public const string Field = "outbox";

    private const int MostCounted = 10_000;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeftBehindAfter = TimeSpan.FromSeconds(5);

    private readonly WrittenDocuments written = new();
    private readonly MongoBacklog backlog = new(documents.Database);
    private readonly MongoInsertSeries series = new(documents.Database, clock);
    private EntriesInDocuments? read;
    private long? lastSweep;
    private volatile bool isAskedToSweep;

    private EntriesInDocuments Entries => read ??= new EntriesInDocuments(documents, series);

    public string Name => name;

    /// <summary>Names the outbox in the log of work that failed for it.</summary>
    public override string ToString() => name;

    /// <summary>The documents that hold entries of changes; see <see cref="PendingOfAsync"/> for those of inserts.</summary>
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
        await documents.MakeIndexesAsync(
            [
                new(
                    Builders<BsonDocument>.IndexKeys.Ascending(Field + ".at"),
                    new CreateIndexOptions<BsonDocument> { Name = "outbox_at", PartialFilterExpression = IsPending }
                ),
            ],
            cancellationToken
        );
        await backlog.EnsureIndexesAsync(cancellationToken);
    }

    /// <summary>Tells the relay that a document with entries was written. A missing call delays them by seconds.</summary>
    public void Signal(BsonValue documentId) => written.TryAdd(documentId);

    /// <summary>
    /// Begins a batch of inserts whose messages this host keeps in memory until they are delivered. Afterwards call
    /// <see cref="Signal(InsertBatch)"/>, or <see cref="Abandon"/> when it is not known what was inserted.
    /// </summary>
    /// <returns>Null while too many messages wait in memory: then they go into <see cref="Field"/>.</returns>
    public async Task<InsertBatch?> BeginInsertsAsync() => written.HasRoom ? await series.BeginAsync() : null;

    /// <summary>Tells the relay that a batch was inserted, as far as it says.</summary>
    public void Signal(InsertBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Written.Count == 0)
        {
            batch.Series.End(batch.Number);
        }
        else if (!written.TryAdd(batch))
        {
            Abandon(batch);
        }
    }

    /// <summary>Leaves it to the sweep to find what was inserted.</summary>
    public void Abandon(InsertBatch batch) => series.Abandon(batch);

    /// <summary>Of some documents those with messages that are not delivered to every destination or its backlog.</summary>
    public async Task<FilterDefinition<BsonDocument>> PendingOfAsync(
        FilterDefinition<BsonDocument> some,
        CancellationToken cancellationToken
    ) => some & Where.Or([IsPending, .. MongoInsertSeries.Pending(await series.DeliveredAsync(cancellationToken))]);

    /// <summary>Those of the keys that have a message of a change which is not delivered yet.</summary>
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

    /// <remarks>A count looks at every document. So it stops at a number that is alarming anyway.</remarks>
    public async Task<long> DepthAsync(CancellationToken cancellationToken)
    {
        var count = await CountAsync(IsPending, cancellationToken) + await backlog.CountAsync(MostCounted, cancellationToken);
        var inserted = MongoInsertSeries.Pending(await series.DeliveredAsync(cancellationToken));
        return count + (await Task.WhenAll(inserted.Select(one => CountAsync(one, cancellationToken)))).Sum();
    }

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => Entries.OldestAsync(backlog, cancellationToken);

    public void Wake() => isAskedToSweep = true;

    public async Task<IReadOnlyList<PendingDocument>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (isAskedToSweep || lastSweep is not { } last || clock.GetElapsedTime(last) >= SweepInterval)
            {
                isAskedToSweep = false;
                var found = await leases.TryHoldAsync("relay " + name, 3 * SweepInterval, cancellationToken)
                    ? await LeftBehindAsync(limit, cancellationToken)
                    : [];

                // There may be more.
                lastSweep = found.Count > 0 ? null : clock.GetTimestamp();
                if (found.Count > 0)
                {
                    return found;
                }
            }

            var (ids, batches) = written.Take(limit);
            List<PendingDocument> page = [.. batches.Select(batch => new PendingDocument(batch, batch.Written))];
            if (ids.Count > 0)
            {
                page.AddRange(await Entries.LoadAsync(Where.In("_id", ids) & IsPending, limit, cancellationToken));
            }

            if (page.Count > 0)
            {
                return page;
            }

            if (ids.Count == 0)
            {
                await written.WaitAsync(SweepInterval, clock, cancellationToken);
            }
        }
    }

    public async Task RemoveAsync(IReadOnlyList<PendingDocument> delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        await series.EndAsync(delivered.Select(document => document.Id).OfType<InsertBatch>());
        await Entries.RemoveAsync([.. delivered.Where(document => document.Id is BsonValue)]);
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

    private async Task<List<PendingDocument>> LeftBehindAsync(int limit, CancellationToken cancellationToken)
    {
        var before = (clock.GetUtcNow() - LeftBehindAfter).Bson();
        var found = await Entries.LoadAsync(IsPending & Where.Lt(Field + ".at", before), limit, cancellationToken);
        if (found.Count > 0)
        {
            return found;
        }

        foreach (var inserted in series.LeftBehind(await series.DeliveredAsync(cancellationToken)))
        {
            found = await Entries.LoadAsync(inserted & Where.Lt(InsertBatch.AtField, before), limit, cancellationToken);
            if (found.Count > 0)
            {
                return found;
            }
        }

        await series.ForgetAsync(cancellationToken);
        return [];
    }

    private Task<long> CountAsync(FilterDefinition<BsonDocument> filter, CancellationToken cancellationToken) =>
        documents.CountDocumentsAsync(filter, new CountOptions { Limit = MostCounted }, cancellationToken);

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
