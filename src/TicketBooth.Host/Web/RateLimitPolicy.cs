using System.Globalization;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Host.Web;

/// <summary>All rate limits, by the name by which endpoints ask for them.</summary>
internal sealed class RateLimitPolicies(params RateLimitPolicy[] policies)
{
    public RateLimitPolicy Of(string name) => Array.Find(policies, policy => policy.Name == name)!;

    /// <summary>Forgets those who have not come for a while.</summary>
    public void ForgetFullBuckets()
    {
        foreach (var policy in policies)
        {
            policy.ForgetFullBuckets();
        }
    }
}

/// <summary>A rate limit: a bucket for everybody.</summary>
internal sealed class RateLimitPolicy
{
    private readonly int burst;
    private readonly int perSecond;
    private readonly Func<HttpContext, string> holderOf;
    private readonly string header;
    private readonly TokenBuckets own;
    private readonly ITokenBuckets buckets;

    /// <param name="services">Of the host.</param>
    /// <param name="name">By which endpoints ask for it.</param>
    /// <param name="burst">How much a bucket holds.</param>
    /// <param name="perSecond">How much flows into it.</param>
    /// <param name="holderOf">Whose bucket a request takes from.</param>
    public RateLimitPolicy(IServiceProvider services, string name, int burst, int perSecond, Func<HttpContext, string> holderOf)
    {
        (Name, this.burst, this.perSecond, this.holderOf) = (name, burst, perSecond, holderOf);
        header = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={burst};w={burst / perSecond}");
        own = new TokenBuckets(burst, perSecond, services.GetRequiredService<TimeProvider>());
        buckets = services.GetService<RedisLink>() is { } redis ? new SharedTokenBuckets(redis, name, burst, perSecond, own) : own;
    }

    public string Name { get; }

    public ValueTask<TokenTaken> TakeAsync(HttpContext context) => buckets.TakeAsync(holderOf(context));

    /// <summary>Says what the limit is, how many requests are left now, and in how many seconds all are.</summary>
    public void Describe(HttpResponse response, int left)
    {
        response.Headers[RateLimiting.PolicyHeader] = header;
        response.Headers[RateLimiting.StateHeader] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{Name}\";r={left};t={(burst - left + perSecond - 1) / perSecond}"
        );
    }

    public void ForgetFullBuckets() => own.ForgetFull();
}
