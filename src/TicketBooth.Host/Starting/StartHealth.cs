using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketBooth.Host.Starting;

/// <summary>Not ready until the start is complete: the first administrator is created when the web server listens already.</summary>
internal sealed class StartHealth(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            lifetime.ApplicationStarted.IsCancellationRequested
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The host starts.")
        );
}
