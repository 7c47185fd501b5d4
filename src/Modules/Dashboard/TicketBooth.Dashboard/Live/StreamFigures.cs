using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using MediatR;
using Microsoft.Extensions.Hosting;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Live;

/// <summary>The live figures as server-sent events.</summary>
internal static partial class StreamFigures
{
    /// <summary>Then the client must reconnect, and authenticate again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // Of RFC 7519: seconds since 1970.
    private const string ExpiryClaim = "exp";

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
                (
                    Guid? eventId,
                    HttpContext context,
                    LiveFigures live,
                    IMediator mediator,
                    TimeProvider clock,
                    IHostApplicationLifetime lifetime
                ) => Stream(live, eventId, LiveView.Json, context, clock, lifetime, ct => MayWatchAsync(mediator, context.User, ct))
            )
            .RequireStaff()
            .WithName("StreamDashboard")
            .WithTags("Dashboard")
            .WithSummary("Follow the live figures")
            .WithDescription(
                """
                Server-sent events of the type `figures`: at once, within a second of a change, and every ten seconds. Each is complete: the
                response of `summary`, or with `eventId` that of `events/{id}` (`null` while the event is unknown). `id` is the read model's
                version. The server closes the stream when the access token expires, within a minute when its bearer has signed out or is
                not staff any more, and at least every hour; reconnecting with a new token misses nothing.
                """
            )
            .WithExamples(
                response: """
                "event: figures\ndata: {\"version\":812,\"at\":\"2026-11-23T20:00:02Z\",\"today\":{\"ordersPlaced\":410}}\nid: 812\n\n"
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
                (Guid? eventId, HttpContext context, LiveFigures live, TimeProvider clock, IHostApplicationLifetime lifetime) =>
                    Stream(live, eventId, LiveView.Here, context, clock, lifetime, context.IsStillStaffAsync)
            )
            .RequireAuthorization(Policies.Staff)
            .ExcludeFromDescription();

    /// <param name="isStillStaff">Called every minute; the stream ends when it returns false.</param>
    private static IResult Stream(
        LiveFigures live,
        Guid? eventId,
        LiveView view,
        HttpContext context,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        Func<CancellationToken, Task<bool>> isStillStaff
    )
    {
        context.Response.Headers.CacheControl = "no-cache, no-store";

        // Otherwise nginx buffers the events.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "text/event-stream";
            return TypedResults.Empty;
        }

        return TypedResults.ServerSentEvents(WatchAsync(context.RequestAborted));

        async IAsyncEnumerable<SseItem<string>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var metrics = context.RequestServices.GetRequiredService<DashboardMetrics>();
            using var limit = new CancellationTokenSource(LongestFor(context.User, clock.GetUtcNow()), clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken,
                context.RequestAborted,
                lifetime.ApplicationStopping,
                limit.Token
            );
            var signedIn = EndWhenSignedOutAsync(
                isStillStaff,
                clock,
                context.RequestServices.GetRequiredService<ILogger<LiveFigures>>(),
                end
            );
            metrics.StreamOpened();
            try
            {
                await foreach (var item in live.WatchAsync(eventId ?? Guid.Empty, view, end.Token))
                {
                    yield return item;
                }
            }
            finally
            {
                metrics.StreamClosed();
                await end.CancelAsync();
                await signedIn;
            }
        }
    }

    /// <summary>Until the access token expires, if it is one. A session at the back office has no such claim.</summary>
    private static TimeSpan LongestFor(ClaimsPrincipal user, DateTimeOffset now)
    {
        if (!long.TryParse(user.FindFirstValue(ExpiryClaim), CultureInfo.InvariantCulture, out var seconds))
        {
            return Longest;
        }

        var left = DateTimeOffset.FromUnixTimeSeconds(seconds) - now;
        return left < TimeSpan.Zero ? TimeSpan.Zero
            : left < Longest ? left
            : Longest;
    }

    private static async Task<bool> MayWatchAsync(IMediator mediator, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (
            Guid.TryParse(user.FindFirstValue(Claims.SignIn), out var signIn)
            && (await mediator.Send(new HasSignInEnded(signIn), cancellationToken)).Value
        )
        {
            return false;
        }

        var found = await mediator.Send(new GetUsers([user.Id()]), cancellationToken);
        return found.Value.Any(known =>
            known.Roles.Contains(Roles.Clerk, StringComparer.Ordinal) || known.Roles.Contains(Roles.Admin, StringComparer.Ordinal)
        );
    }

    /// <summary>Ends a stream when whoever opened it may not see it any more, or when that cannot be checked.</summary>
    private static async Task EndWhenSignedOutAsync(
        Func<CancellationToken, Task<bool>> isStillStaff,
        TimeProvider clock,
        ILogger logger,
        CancellationTokenSource end
    )
    {
        var signedOut = WaitUntilSignedOutAsync(isStillStaff, clock, end.Token);
        await signedOut.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (signedOut.Exception?.InnerException is { } failure && !end.IsCancellationRequested)
        {
            LogNotChecked(logger, failure);
        }

        await end.CancelAsync();
    }

    private static async Task WaitUntilSignedOutAsync(
        Func<CancellationToken, Task<bool>> isStillStaff,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        do
        {
            await Task.Delay(SignedInInterval, clock, cancellationToken);
        } while (await isStillStaff(cancellationToken));
    }

    [LoggerMessage(
        EventId = 6301,
        Level = LogLevel.Warning,
        Message = "A stream of figures ends, because it could not be checked whether its user is still signed in; the page reconnects"
    )]
    private static partial void LogNotChecked(ILogger logger, Exception failure);
}
