using MediatR;
using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Live;

/// <summary>The live figures as server-sent events.</summary>
internal static partial class StreamFigures
{
    /// <summary>Then the client connects anew and shows who it is once more.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan SignedInInterval = TimeSpan.FromMinutes(1);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapForPrograms(routes);
        MapForPages(routes);
    }

    private static void MapForPrograms(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/dashboard/stream",
                (Guid? eventId, HttpContext context, LiveFigures live, TimeProvider clock, IHostApplicationLifetime lifetime) =>
                    Stream(live, eventId, LiveView.Json, context, clock, lifetime)
            )
            .RequireStaff()
            .WithName("StreamDashboard")
            .WithTags("Dashboard")
            .WithSummary("Follow the live figures")
            .WithDescription(
                """
                Server-sent events of the type `figures`: at once, within a second of a change, and every ten seconds. Each holds everything: what `summary` answers, or with `eventId` what
                `events/{id}` answers (`null` while the event is not known). `id` is the read model's version. Nothing is missed by connecting again, which the server asks for every hour.
                """
            )
            .WithExamples(
                response: """
                "event: figures\ndata: {\"version\":812,\"at\":\"2026-11-23T20:00:02Z\",\"today\":{\"ordersPlaced\":410,\"ordersPaid\":380,\"ticketsSold\":802}}\nid: 812\n\n"
                """
            )
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    private static void MapForPages(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                PageArea.Path + "/stream",
                (
                    Guid? eventId,
                    HttpContext context,
                    LiveFigures live,
                    IMediator mediator,
                    TimeProvider clock,
                    IHostApplicationLifetime lifetime
                ) => Stream(live, eventId, LiveView.Here, context, clock, lifetime, mayGoOn: ct => mediator.MayGoOnAsync(context.User, ct))
            )
            .RequireAuthorization(Policies.Staff)
            .ExcludeFromDescription();

    /// <param name="mayGoOn">Asked every minute; the stream ends when it says no. Null for whoever shows an access token, which <see cref="Longest"/> bounds.</param>
    private static IResult Stream(
        LiveFigures live,
        Guid? eventId,
        LiveView view,
        HttpContext context,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        Func<CancellationToken, Task<bool>>? mayGoOn = null
    )
    {
        context.Response.Headers.CacheControl = "no-cache, no-store";

        // nginx gathers answers otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(end);
        var limit = clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), end, Longest, Timeout.InfiniteTimeSpan);
        context.Response.RegisterForDispose(limit);
        if (mayGoOn is not null)
        {
            _ = EndWhenSignedOutAsync(mayGoOn, clock, context.RequestServices.GetRequiredService<ILogger<LiveFigures>>(), end);
        }

        return TypedResults.ServerSentEvents(live.WatchAsync(eventId ?? Guid.Empty, view, end.Token));
    }

    private static async Task EndWhenSignedOutAsync(
        Func<CancellationToken, Task<bool>> mayGoOn,
        TimeProvider clock,
        ILogger logger,
        CancellationTokenSource end
    )
    {
        try
        {
            using var timer = new PeriodicTimer(SignedInInterval, clock);
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                if (!await mayGoOn(end.Token))
                {
                    await end.CancelAsync();
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // The stream has ended.
        }
#pragma warning disable CA1031 // who cannot be asked about gets no more figures; the page connects anew and is asked for its cookie
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogNotAsked(logger, failure);
            await end.CancelAsync();
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Whether somebody is still signed in could not be asked; their stream of figures ends"
    )]
    private static partial void LogNotAsked(ILogger logger, Exception failure);
}
