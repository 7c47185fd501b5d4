using MongoDB.Driver;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>Which of the MongoDB driver's errors mean that the deployment cannot be used now.</summary>
internal static class MongoOutage
{
    public static bool Is(MongoException failure) =>
        failure
            is MongoConnectionException
                or MongoConnectionPoolPausedException
                or MongoNotPrimaryException
                or MongoNodeIsRecoveringException
                or MongoWaitQueueFullException
                or MongoExecutionTimeoutException
        // The driver has already retried once.
        || failure.HasErrorLabel("RetryableWriteError");
}
