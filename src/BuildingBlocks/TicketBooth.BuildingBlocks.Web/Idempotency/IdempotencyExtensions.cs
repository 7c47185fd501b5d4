using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web.Idempotency;

/// <summary>Switches <c>Idempotency-Key</c> on for every POST.</summary>
public static class IdempotencyExtensions
{
    public static IServiceCollection AddIdempotencyKeys(this IServiceCollection services) =>
        services.AddWorker<ForgetAnsweredRequestsWorker>();

    /// <summary>After authorization: a key belongs to a user, and what is refused there reserves none.</summary>
    public static IApplicationBuilder UseIdempotencyKeys(this IApplicationBuilder app) => app.UseMiddleware<IdempotencyMiddleware>();
}
