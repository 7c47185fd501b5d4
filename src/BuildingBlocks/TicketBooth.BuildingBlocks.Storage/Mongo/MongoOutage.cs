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

    /// <summary>Whether an exception that is not the driver's own has come out of it.</summary>
    public static bool Raised(Exception failure) =>
        failure.StackTrace?.Contains(" MongoDB.Driver.", StringComparison.Ordinal) == true;
}
