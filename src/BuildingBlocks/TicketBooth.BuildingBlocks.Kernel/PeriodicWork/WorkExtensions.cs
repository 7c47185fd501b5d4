using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Registers periodic work.</summary>
public static class WorkExtensions
{
    /// <summary>
    /// Runs a worker while the host runs, and reports on it under the health check <c>work</c>. The worker is a singleton that can also be
    /// asked for by its type.
    /// </summary>
    public static IServiceCollection AddWorker<TWorker>(this IServiceCollection services)
        where TWorker : PeriodicWork
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.TryAddSingleton<WorkServices>();
        services.TryAddSingleton<WorkMetrics>();
        if (services.All(service => service.ServiceType != typeof(WorkHealth)))
        {
            services.AddSingleton<WorkHealth>();
            services.AddHealthChecks().AddCheck<WorkHealth>("work", HealthStatus.Degraded);
        }

        services.AddSingleton<TWorker>();
        return services.AddHostedService(provider => provider.GetRequiredService<TWorker>());
    }
}
