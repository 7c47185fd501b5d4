using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Events.Storage;

internal static class MongoTransactions
{
    private static readonly TransactionOptions AtOneMoment = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    /// <summary>
    /// Runs <paramref name="work"/> as one transaction over one moment of the store. It runs again, after a growing pause, when another transaction was faster at a
    /// document that it writes, so it must have no effect but its writes through the session.
    /// </summary>
    public static async Task<T> InTransactionAsync<T>(this MongoStorage storage, Func<IClientSessionHandle, Task<T>> work)
    {
        using var session = await storage.StartSessionAsync(CancellationToken.None);
        return await session.WithTransactionAsync((open, _) => work(open), AtOneMoment);
    }
}
