using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>Section <c>RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How often one address may sign up or in for good. A core hashes about five passwords a second, so more would wait for each
    /// other.
    /// </summary>
    [Range(1, 10_000)]
    public int SignInsPerSecond { get; set; } = 5;

    /// <summary>How often one address may do so at once, for an office whose staff come in together.</summary>
    [Range(1, 100_000)]
    public int SignInBurst { get; set; } = 60;
}

/// <summary>
/// Token buckets: a burst, and then a steady rate. Enough for a person in a hurry, too little for a script. With Redis all hosts share the
/// buckets.
/// </summary>
internal static class RateLimiting
{
    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSettings<RateLimitOptions>("RateLimits");
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = RefuseAsync;
            limiter.AddPolicy(RateLimits.SignIn, context =>
            {
                var options = context.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
                return Bucket(context, RateLimits.SignIn, ClientAddress.Of(context), options.SignInBurst, options.SignInsPerSecond);
            });
            limiter.AddPolicy(RateLimits.Purchase, context =>
                Bucket(context, RateLimits.Purchase, context.User.FindFirst(Claims.UserId)?.Value ?? "anonymous", burst: 200, perSecond: 50)
            );
        });
    }

    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Configuration.GetValue("RateLimits:Enabled", defaultValue: true))
        {
            app.UseRateLimiter();
        }
    }

    private static RateLimitPartition<string> Bucket(HttpContext context, string policy, string key, int burst, int perSecond)
    {
        var services = context.RequestServices;
        return RateLimitPartition.Get<string>(key, holder =>
        {
            // The timer of the rate limiter's partitions replenishes it.
            var own = new TokenBucketRateLimiter(
                new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = perSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    QueueLimit = 0,
                    AutoReplenishment = false,
                }
            );
            return services.GetService<RedisLink>() is { } redis
                ? new SharedTokenBucket(redis, $"{policy}:{holder}", burst, perSecond, own, services.GetRequiredService<TimeProvider>())
                : own;
        });
    }

    private static ValueTask RefuseAsync(Microsoft.AspNetCore.RateLimiting.OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var response = context.HttpContext.Response;
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (context.HttpContext.IsPage())
        {
            return ValueTask.CompletedTask;
        }

        var problem = new ProblemDetails
        {
            Status = StatusCodes.Status429TooManyRequests,
            Detail = "Slow down and try again after the time in Retry-After.",
        };
        Problems.Complete(problem, context.HttpContext, "rate-limited");
        return new ValueTask(response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", cancellationToken));
    }
}
