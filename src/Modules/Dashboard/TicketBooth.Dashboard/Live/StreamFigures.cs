using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Live;

/// <summary>The live figures as server-sent events.</summary>
internal static class StreamFigures
{
    /// <summary>Then the client connects anew and shows who it is once more.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapForPrograms(routes);
        MapForPages(routes);
    }

    private static void MapForPrograms(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/dashboard/stream", (Guid? eventId, HttpContext context, LiveFigures live, TimeProvider clock, IHostApplicationLifetime lifetime) =>
            Stream(live, eventId, LiveView.Json, context, clock, lifetime))
        .RequireStaff()
        .WithName("StreamDashboard")
        .WithTags("Dashboard")
        .WithSummary("Follow the live figures")
        .WithDescription(
            """
            Server-sent events of the type `figures`: at once, within a second of a change, and every ten seconds. Each holds everything: what `summary` answers, or with `eventId` what
            `events/{id}` answers (`null` while the event is not known). `id` is the read model's version. Nothing is missed by connecting again, which the server asks for every hour.
            """)
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    private static void MapForPages(IEndpointRouteBuilder routes) => routes
        .MapGet(PageArea.Path + "/stream", (Guid? eventId, HttpContext context, LiveFigures live, TimeProvider clock, IHostApplicationLifetime lifetime) =>
            Stream(live, eventId, LiveView.Here, context, clock, lifetime))
        .RequireAuthorization(Policies.Staff)
        .ExcludeFromDescription();

    private static IResult Stream(LiveFigures live, Guid? eventId, LiveView view, HttpContext context, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        context.Response.Headers.CacheControl = "no-cache, no-store";

        // nginx gathers answers otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(end);
        var limit = clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), end, Longest, Timeout.InfiniteTimeSpan);
        context.Response.RegisterForDispose(limit);
        return TypedResults.ServerSentEvents(live.WatchAsync(eventId ?? Guid.Empty, view, end.Token));
    }
}
