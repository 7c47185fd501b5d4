using Microsoft.Extensions.Diagnostics.HealthChecks;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>
/// Whether the embedded files can be used: the health check <c>storage</c>. Unhealthy when the folder cannot be written (a full disk) or a
/// file is damaged: no order can be stored then.
/// </summary>
internal sealed class StorageHealth(EmbeddedStorage storage, TimeProvider clock) : IHealthCheck, IDisposable
{
    // Anybody may ask whether the host is ready, and each look writes to the disk.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private IReadOnlyList<string> troubles = [];
    private long? lookedAt;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (lookedAt is not { } last || clock.GetElapsedTime(last) >= LookAgainAfter)
            {
                troubles = await storage.TroublesAsync();
                lookedAt = clock.GetTimestamp();
            }

            return troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join("; ", troubles));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
