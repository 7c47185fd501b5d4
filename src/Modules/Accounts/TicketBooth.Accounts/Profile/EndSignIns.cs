using System.Security.Claims;
using MediatR;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Profile;

/// <summary>Signs out everywhere, with an access token: also where the refresh token is lost.</summary>
internal static class EndSignIns
{
    internal sealed record Command(Guid UserId) : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapDelete("/api/v1/accounts/sessions", async (ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Command(user.Id()), ct)).ToHttp(_ => TypedResults.NoContent())
            )
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("EndSignIns")
            .WithTags("Accounts")
            .WithSummary("Signs out everywhere")
            .WithDescription(
                "Ends all sign-ins of the account, this one too, and its sessions at the back office. Every host refuses the access "
                    + "tokens as token-ended within two seconds."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Handler(AccountsDbContext db, SignOuts signOuts, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            await db.IsolatedAsync(
                async attempt =>
                {
                    await db.EndSignInsAsync(request.UserId, clock.GetUtcNow(), attempt);
                    await db.RestampAsync(request.UserId, attempt);
                    return default(Done);
                },
                cancellationToken
            );
            await signOuts.ReadAsync(cancellationToken);
            return default(Done);
        }
    }
}
