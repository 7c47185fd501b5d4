using System.Data.Common;
using Microsoft.Data.Sqlite;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>Recognizes the outages of every engine; for a wrapped exception the inner one decides.</summary>
internal sealed class OutageDetector : IOutageDetector
{
    public bool IsOutage(Exception failure) =>
        failure switch
        {
            SqliteException sqlite when SqliteOutage.Is(sqlite) => true,
            DbException relational when RelationalOutage.Is(relational) => true,
            MongoException mongo when MongoOutage.Is(mongo) => true,

            // The MongoDB driver throws the first when it finds no server in time; a disk causes the second.
            TimeoutException or IOException => true,
            { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };
}
