using MongoDB.Driver;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>Work for which no request waits and which takes longer the more there is: making an index, removing what is old.</summary>
public static class PatientWork
{
    /// <summary>How long it waits for an answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Does it through a client of its own, whose commands may take <see cref="Longest"/>.</summary>
    public static async Task PatientlyAsync<T>(this IMongoCollection<T> collection, Func<IMongoCollection<T>, Task> work)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(work);
        var settings = collection.Database.Client.Settings.Clone();
        settings.SocketTimeout = Longest;
        using var client = new MongoClient(settings);
        await work(
            client
                .GetDatabase(collection.Database.DatabaseNamespace.DatabaseName)
                .GetCollection<T>(collection.CollectionNamespace.CollectionName)
        );
    }

    /// <summary>Makes those of the indexes that are missing. Any number of hosts may do so at once.</summary>
    public static Task MakeIndexesAsync<T>(
        this IMongoCollection<T> collection,
        IReadOnlyList<CreateIndexModel<T>> indexes,
        CancellationToken cancellationToken
    ) => collection.PatientlyAsync(patient => patient.Indexes.CreateManyAsync(indexes, cancellationToken));
}
