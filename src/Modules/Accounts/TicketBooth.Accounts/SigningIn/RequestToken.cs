using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Signs in with e-mail address and password, or stays signed in with a refresh token.</summary>
internal static class RequestToken
{
    internal sealed record Request(string? Email = null, string? Password = null, string? RefreshToken = null, string? Code = null);

    /// <param name="From">The client's network address, as limits count it.</param>
    /// <param name="Device">What the client calls itself.</param>
    internal sealed record Command(string? Email, string? Password, string? RefreshToken, string? Code, string From, string Device)
        : IRequest<Result<Response>>;

    /// <param name="AccessToken">A JWT, for the Authorization header.</param>
    /// <param name="TokenType">Always <c>Bearer</c>.</param>
    /// <param name="ExpiresIn">How long the access token is valid, in seconds.</param>
    /// <param name="RefreshToken">Valid for one exchange.</param>
    internal sealed record Response(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/accounts/token",
                async (Request body, IMediator mediator, HttpContext context, CancellationToken cancellationToken) =>
                {
                    var tokens = await mediator.Send(
                        new Command(
                            body.Email,
                            body.Password,
                            body.RefreshToken,
                            body.Code,
                            ClientAddress.Of(context),
                            context.Request.Headers.UserAgent.ToString()
                        ),
                        cancellationToken
                    );
                    context.Response.Headers.CacheControl = "no-store";
                    return tokens.ToHttp(TypedResults.Ok);
                }
            )
            .AllowAnonymous()
            .WithoutIdempotencyKey()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("RequestToken")
            .WithSummary("Signs in, or renews the tokens")
            .WithDescription(
                "Send either email and password, or refreshToken. With a second factor send code too: six digits of the authenticator app, "
                    + "each valid for one sign-in, or a recovery code. expiresIn is in seconds. A refresh token is valid for one exchange; "
                    + "using it again revokes everything that came from the same sign-in. 401 invalid-credentials, second-factor-needed, "
                    + "second-factor-wrong, account-disabled, locked-out (5 wrong passwords for this e-mail from this network address, "
                    + "or 5 wrong codes; see Retry-After), session-ended (what ends sign-ins happened meanwhile: try again), "
                    + "refresh-token-invalid or refresh-token-reused; 422 validation-failed for both forms or neither; 503 sign-in-busy."
            )
            .WithTags("Accounts")
            .WithExamples(
                request: """{ "email": "ana@example.com", "password": "a-long-password" }""",
                response: """{ "accessToken": "eyJhbGciOiJFUzI1NiJ9…", "tokenType": "Bearer", "expiresIn": 900, "refreshToken": "kR3v…" }"""
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(
                StatusCodes.Status401Unauthorized,
                "account-disabled",
                "invalid-credentials",
                "locked-out",
                "refresh-token-invalid",
                "refresh-token-reused",
                "second-factor-needed",
                "second-factor-off",
                "second-factor-wrong",
                "session-ended"
            )
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "sign-in-busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            const string Needed = "Send email and password, or refreshToken.";
            RuleFor(request => request.Email).NotEmpty().When(request => request.RefreshToken is null).WithMessage(Needed);
            RuleFor(request => request.Password).NotEmpty().When(request => request.RefreshToken is null).WithMessage(Needed);
            RuleFor(request => request.Code).NotEmpty().MaximumLength(AccountRules.LongestCode).When(request => request.Code is not null);
            RuleFor(request => request.RefreshToken)
                .NotEmpty()
                .Must((request, _) => request.Email is null && request.Password is null && request.Code is null)
                .When(request => request.RefreshToken is not null)
                .WithMessage(Needed);
        }
    }

    internal sealed class Handler(AccountsDbContext db, Credentials credentials, RefreshTokens refreshTokens, AccessTokens accessTokens)
        : IRequestHandler<Command, Result<Response>>
    {
        public Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken) =>
            request.RefreshToken is { } token ? RenewAsync(token, cancellationToken) : SignInAsync(request, cancellationToken);

        private async Task<Result<Response>> RenewAsync(string token, CancellationToken cancellationToken)
        {
            var exchanged = await refreshTokens.ExchangeAsync(token, cancellationToken);
            return exchanged.Error is { } error ? error : await AnswerAsync(exchanged.Value, cancellationToken);
        }

        private async Task<Result<Response>> SignInAsync(Command request, CancellationToken cancellationToken)
        {
            var proven = await credentials.ProvePasswordAsync(request.Email!, request.Password!, request.From, cancellationToken);
            if (proven is { IsSuccess: true, Value.TwoFactorEnabled: true })
            {
                proven = request.Code is { } code
                    ? await credentials.ProveSecondFactorAsync(proven.Value.Id, code, cancellationToken)
                    : AccountsErrors.SecondFactorNeeded;
            }

            if (proven.Error is { } wrong)
            {
                return wrong;
            }

            var device = new ClientDevice(Session.CutDevice(request.Device), Session.CutAddress(request.From));
            var started = await refreshTokens.StartFamilyAsync(proven.Value, device, cancellationToken);
            return started.Error is { } error ? error : await AnswerAsync(started.Value, cancellationToken);
        }

        private async Task<Result<Response>> AnswerAsync(IssuedRefreshToken refreshToken, CancellationToken cancellationToken) =>
            await db.FindBearerAsync(refreshToken.UserId, cancellationToken) is { Roles.Count: > 0 } bearer
                ? new Response(
                    accessTokens.Issue(bearer, refreshToken.SignIn),
                    "Bearer",
                    (int)accessTokens.Lifetime.TotalSeconds,
                    refreshToken.Token
                )
                : AccountsErrors.RefreshTokenInvalid;
    }
}
