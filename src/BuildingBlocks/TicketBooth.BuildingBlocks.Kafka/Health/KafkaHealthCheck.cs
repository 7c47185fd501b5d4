using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketBooth.BuildingBlocks.Kafka.Health;

/// <summary>Degraded, never unhealthy: without brokers orders are still accepted, and their messages wait in the outboxes.</summary>
internal sealed class KafkaHealthCheck(KafkaService kafka) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubles = kafka.Troubles.ToList();
        return Task.FromResult(troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", troubles)));
    }
}
