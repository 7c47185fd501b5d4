using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Dashboard.Shell;

/// <summary>
/// Gives the page of the door tokens for the session of its browser: whoever signed in at the back office need not do so again. The cookie
/// goes to addresses of the back office only, so this is one.
/// </summary>
internal static class DoorSignIn
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(PageArea.Path + "/door-token", async (HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                var begun = await mediator.Send(new SignInFromSession(context.User.SessionId(), context.LongestIdle()), cancellationToken);
                return begun.ToHttp(TypedResults.Ok);
            })
            .RequireAuthorization(Policies.Door)
            .WithoutIdempotencyKey()
            .ExcludeFromDescription();
}
