using System.Net.ServerSentEvents;
using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Live;

/// <summary>The live figures as server-sent events.</summary>
internal static class StreamFigures
{
    /// <summary>Then the client connects anew and shows who it is once more.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/dashboard/stream", Stream)
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

    internal static IResult Stream(Guid? eventId, HttpContext context, LiveFigures live, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        context.Response.Headers.CacheControl = "no-cache, no-store";

        // nginx gathers answers otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(end);
        var limit = clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), end, Longest, Timeout.InfiniteTimeSpan);
        context.Response.RegisterForDispose(limit);
        IAsyncEnumerable<SseItem<string>> figures = live.WatchAsync(eventId ?? Guid.Empty, end.Token);
        return TypedResults.ServerSentEvents(figures);
    }
}
