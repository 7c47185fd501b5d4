using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
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
/// <remarks>
/// The framework's middleware does not say what is left in a bucket. Clients learn it in the headers of the IETF's draft
/// (draft-ietf-httpapi-ratelimit-headers).
/// </remarks>
internal static class RateLimiting
{
    public const string PolicyHeader = "RateLimit-Policy";
    public const string StateHeader = "RateLimit";

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSettings<RateLimitOptions>("RateLimits");
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<RateLimitOptions>>().Value;
            return new Policies(
                new Policy(provider, RateLimits.SignIn, options.SignInBurst, options.SignInsPerSecond, ClientAddress.Of),
                new Policy(provider, RateLimits.Purchase, Burst: 200, PerSecond: 50, context =>
                    context.User.FindFirst(Claims.UserId)?.Value ?? "anonymous"
                )
            );
        });
    }

    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Configuration.GetValue("RateLimits:Enabled", defaultValue: true))
        {
            var policies = app.Services.GetRequiredService<Policies>();
            app.Use((context, next) => LimitAsync(context, next, policies));
        }
    }

    private static Task LimitAsync(HttpContext context, RequestDelegate next, Policies policies) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } name
            ? LimitAsync(context, next, policies.Of(name))
            : next(context);

    private static async Task LimitAsync(HttpContext context, RequestDelegate next, Policy policy)
    {
        using var lease = await policy.Limiter.AcquireAsync(context, permitCount: 1, context.RequestAborted);
        policy.Describe(context);
        await (lease.IsAcquired ? next(context) : RefuseAsync(context, lease));
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return context.IsPage()
            ? Task.CompletedTask
            : Problems.WriteAsync(
                context,
                StatusCodes.Status429TooManyRequests,
                "rate-limited",
                "Slow down and try again after the time in Retry-After."
            );
    }

    /// <summary>All policies, by the name by which endpoints ask for them.</summary>
    private sealed class Policies(params Policy[] policies) : IDisposable
    {
        public Policy Of(string name) => Array.Find(policies, policy => policy.Name == name)!;

        public void Dispose()
        {
            foreach (var policy in policies)
            {
                policy.Limiter.Dispose();
            }
        }
    }

    /// <summary>A bucket for everybody.</summary>
    /// <param name="Services">Of the host.</param>
    /// <param name="Name">By which endpoints ask for it.</param>
    /// <param name="Burst">How much a bucket holds.</param>
    /// <param name="PerSecond">How much flows into it.</param>
    /// <param name="KeyOf">Whose bucket it is.</param>
    private sealed record Policy(IServiceProvider Services, string Name, int Burst, int PerSecond, Func<HttpContext, string> KeyOf)
    {
        private readonly string header = FormattableString.Invariant($"\"{Name}\";q={Burst};w={Burst / PerSecond}");

        public PartitionedRateLimiter<HttpContext> Limiter { get; } =
            PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.Get(KeyOf(context), holder => Bucket(Services, Name, holder, Burst, PerSecond))
            );

        /// <summary>Says what the policy is, how many requests are left now, and in how many seconds all are.</summary>
        public void Describe(HttpContext context)
        {
            var left = Math.Clamp(Limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0, 0, Burst);
            var headers = context.Response.Headers;
            headers[PolicyHeader] = header;
            headers[StateHeader] = FormattableString.Invariant($"\"{Name}\";r={left};t={(Burst - left + PerSecond - 1) / PerSecond}");
        }
    }

    private static RateLimiter Bucket(IServiceProvider services, string policy, string holder, int burst, int perSecond)
    {
        // The timer of the partitions replenishes it.
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
    }
}
