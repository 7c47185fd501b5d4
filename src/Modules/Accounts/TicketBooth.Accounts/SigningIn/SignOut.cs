using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Ends a sign-in, or all of a user: revokes the refresh tokens, and so ends the access tokens.</summary>
internal static class SignOut
{
    internal sealed record Request(string RefreshToken, bool Everywhere = false) : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/accounts/sign-out", async (Request body, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var done = await mediator.Send(body, cancellationToken);
                return done.ToHttp(_ => TypedResults.NoContent());
            })
            .AllowAnonymous()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("SignOut")
            .WithSummary("Signs out")
            .WithDescription(
                "Revokes every refresh token of the same sign-in, and ends its access tokens, which every host refuses as "
                    + "token-ended within two seconds. With everywhere all sign-ins of the user end, and their sessions at the back office; for that the "
                    + "refresh token must be valid (401 refresh-token-invalid). Otherwise "
                    + "204 also for a token that was revoked before or never was; 422 validation-failed for an empty one."
            )
            .WithTags("Accounts")
            .WithExamples(request: """{ "refreshToken": "kR3v…" }""")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "refresh-token-invalid")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.RefreshToken).NotEmpty();
    }

    internal sealed class Handler(RefreshTokens refreshTokens, SignOuts signOuts) : IRequestHandler<Request, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Request request, CancellationToken cancellationToken)
        {
            if (!request.Everywhere)
            {
                await refreshTokens.RevokeAsync(request.RefreshToken, cancellationToken);
                return default(Done);
            }

            var done = await refreshTokens.RevokeAllAsync(request.RefreshToken, cancellationToken);
            if (done.IsSuccess)
            {
                await signOuts.ReadAsync(cancellationToken);
            }

            return done;
        }
    }
}
