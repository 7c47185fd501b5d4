using System.Data.Common;
using Microsoft.Data.Sqlite;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>
/// Recognizes the outages of every engine by the engine's own errors; for a wrapped exception the inner one decides. An error of the
/// network, of a disk or of a clock says nothing by itself: it may be a client that hung up, a gateway, or a bug of ours.
/// </summary>
internal sealed class OutageDetector : IOutageDetector
{
    public bool IsOutage(Exception failure) =>
        failure switch
        {
            StoreNotAnsweringException => true,
            SqliteException sqlite when SqliteOutage.Is(sqlite) => true,
            DbException relational when RelationalOutage.Is(relational) => true,
            MongoException mongo when MongoOutage.Is(mongo) => true,

            // A file of the storage folder that cannot be opened or made.
            StorageException { InnerException: IOException or UnauthorizedAccessException } => true,

            // Both drivers let some of these through as they are: MongoDB's when it finds no server in time.
            TimeoutException or IOException when MongoOutage.Raised(failure) || RelationalOutage.Raised(failure) => true,
            { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };
}
