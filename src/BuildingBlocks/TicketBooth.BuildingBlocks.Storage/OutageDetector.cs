using System.Data.Common;
using Microsoft.Data.Sqlite;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>Asks the engine whose driver threw; a wrapped exception counts as what it wraps.</summary>
internal sealed class OutageDetector : IOutageDetector
{
    public bool IsOutage(Exception failure) =>
        failure switch
        {
            SqliteException sqlite when SqliteOutage.Is(sqlite) => true,
            DbException relational when RelationalOutage.Is(relational) => true,
            MongoException mongo when MongoOutage.Is(mongo) => true,

            // What the MongoDB driver throws when it finds no server in time; what a disk throws.
            TimeoutException or IOException => true,
            { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };
}
