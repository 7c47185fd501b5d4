using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Redis;

public static class RedisExtensions
{
    /// <summary>
    /// Registers <see cref="RedisLink"/> and its health check where <c>ConnectionStrings:Redis</c> is set. Without an answering Redis the
    /// host is degraded and works on.
    /// </summary>
    public static IServiceCollection AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        if (RedisLink.IsOn(configuration))
        {
            services.AddSingleton<RedisLink>();
            services.AddHealthChecks().AddCheck<RedisHealth>("redis", HealthStatus.Degraded);
        }

        return services;
    }

    /// <summary>Fails with <see cref="StorageException"/> when Redis is configured and cannot be used.</summary>
    public static Task OpenRedisAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetService<RedisLink>()?.OpenAsync(cancellationToken) ?? Task.CompletedTask;

    private sealed class RedisHealth(RedisLink redis) : IHealthCheck
    {
        private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await redis.TryAsync(0, static (database, _) => database.PingAsync(), Timeout);
            return redis.IsUp ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("Redis does not answer.");
        }
    }
}
