using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>
/// Repeats what MySQL ended to resolve a deadlock. It does not wait for an outage to end: the client is told to try again.
/// </summary>
internal sealed class RetryAfterDeadlock(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, maxRetryCount: 8, maxRetryDelay: TimeSpan.FromMilliseconds(200))
{
    protected override bool ShouldRetryOn(Exception exception) => exception is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock };
}

/// <summary>Makes every session of a context read-only.</summary>
internal sealed class ReadOnlySession : DbConnectionInterceptor
{
    public const string Statement = "SET SESSION TRANSACTION READ ONLY";

    public override Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    ) => connection.RunAsync(Statement, cancellationToken);
}
