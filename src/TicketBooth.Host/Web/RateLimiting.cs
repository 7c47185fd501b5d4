using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
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
            return new RateLimitPolicies(
                new RateLimitPolicy(provider, RateLimits.SignIn, options.SignInBurst, options.SignInsPerSecond, ClientAddress.Of),
                new RateLimitPolicy(provider, RateLimits.Purchase, burst: 200, perSecond: 50, context =>
                    context.User.FindFirst(Claims.UserId)?.Value ?? "anonymous"
                )
            );
        });
        services.AddWorker<ForgetFullBucketsWorker>();
    }

    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Configuration.GetValue("RateLimits:Enabled", defaultValue: true))
        {
            var policies = app.Services.GetRequiredService<RateLimitPolicies>();
            app.Use((context, next) => LimitAsync(context, next, policies));
        }
    }

    private static Task LimitAsync(HttpContext context, RequestDelegate next, RateLimitPolicies policies)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is not { } name)
        {
            return next(context);
        }

        var policy = policies.Of(name);
        var taking = policy.TakeAsync(context);
        return taking.IsCompletedSuccessfully
            ? AnswerAsync(context, next, policy, taking.Result)
            : LimitAsync(context, next, policy, taking);
    }

    private static async Task LimitAsync(HttpContext context, RequestDelegate next, RateLimitPolicy policy, ValueTask<TokenTaken> taking) =>
        await AnswerAsync(context, next, policy, await taking);

    private static Task AnswerAsync(HttpContext context, RequestDelegate next, RateLimitPolicy policy, TokenTaken taken)
    {
        policy.Describe(context.Response, taken.Left);
        return taken.IsGranted ? next(context) : RefuseAsync(context, taken.Wait);
    }

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
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
}
