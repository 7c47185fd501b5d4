using Microsoft.Extensions.Diagnostics.HealthChecks;
using TicketBooth.BuildingBlocks.Kafka.In;

namespace TicketBooth.BuildingBlocks.Kafka.Health;

/// <summary>Degraded, never unhealthy: without brokers orders are still accepted, and their messages wait in the outboxes.</summary>
internal sealed class KafkaHealthCheck(MeasureKafkaLagWorker brokers, KafkaConsumers consumers) : IHealthCheck
{
    /// <summary>Why messages do not flow now, one line for each cause; empty when they do.</summary>
    public IEnumerable<string> Troubles =>
        consumers
            .All.Select(consumer => consumer.Trouble is { } trouble ? $"{consumer.Group}: {trouble}" : null)
            .Prepend(brokers.Trouble)
            .OfType<string>();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubles = Troubles.ToList();
        return Task.FromResult(troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", troubles)));
    }
}
