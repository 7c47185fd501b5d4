using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Results;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Signs in with e-mail address and password, or stays signed in with a refresh token.</summary>
internal static class RequestToken
{
    internal sealed record Request(string? Email = null, string? Password = null, string? RefreshToken = null) : IRequest<Result<Response>>;

    /// <param name="AccessToken">A JWT, for the Authorization header.</param>
    /// <param name="TokenType">Always <c>Bearer</c>.</param>
    /// <param name="ExpiresIn">Seconds that the access token is good for.</param>
    /// <param name="RefreshToken">Good for one exchange.</param>
    internal sealed record Response(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/v1/accounts/token", async (Request body, IMediator mediator, HttpContext context, CancellationToken cancellationToken) =>
        {
            var tokens = await mediator.Send(body, cancellationToken);
            context.Response.Headers.CacheControl = "no-store";
            return tokens.ToHttp(TypedResults.Ok);
        })
        .AllowAnonymous()
        .RequireRateLimiting(RateLimits.SignIn)
        .WithName("RequestToken")
        .WithSummary("Signs in, or renews the tokens")
        .WithDescription(
            "Send either email and password, or refreshToken. expiresIn is in seconds. A refresh token is good for one exchange; using it again revokes "
            + "everything that came from the same sign-in. 401 invalid-credentials, locked-out (5 wrong passwords; 5 minutes, see Retry-After), "
            + "refresh-token-invalid or refresh-token-reused; 422 validation-failed for both forms or neither; 503 sign-in-busy.")
        .WithTags("Accounts")
        .WithExamples(
            request: """{ "email": "ana@example.com", "password": "a-long-password" }""",
            response: """{ "accessToken": "eyJhbGciOiJFUzI1NiJ9…", "tokenType": "Bearer", "expiresIn": 900, "refreshToken": "kR3v…" }""")
        .Produces<Response>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            const string Needed = "Send email and password, or refreshToken.";
            RuleFor(request => request.Email).NotEmpty().When(request => request.RefreshToken is null).WithMessage(Needed);
            RuleFor(request => request.Password).NotEmpty().When(request => request.RefreshToken is null).WithMessage(Needed);
            RuleFor(request => request.RefreshToken)
                .NotEmpty().Must((request, _) => request.Email is null && request.Password is null)
                .When(request => request.RefreshToken is not null).WithMessage(Needed);
        }
    }

    internal sealed class Handler(
        AccountsDbContext db, Passwords passwords, RefreshTokens refreshTokens, AccessTokens accessTokens, ILookupNormalizer normalizer, TimeProvider clock)
        : IRequestHandler<Request, Result<Response>>
    {
        public Task<Result<Response>> Handle(Request request, CancellationToken cancellationToken) =>
            request.RefreshToken is { } token ? RenewAsync(token, cancellationToken) : SignInAsync(request.Email!, request.Password!, cancellationToken);

        private async Task<Result<Response>> RenewAsync(string token, CancellationToken cancellationToken)
        {
            var exchanged = await refreshTokens.ExchangeAsync(token, cancellationToken);
            return exchanged.Error is { } error ? error : await AnswerAsync(exchanged.Value.UserId, exchanged.Value.Token, cancellationToken);
        }

        private async Task<Result<Response>> SignInAsync(string email, string password, CancellationToken cancellationToken)
        {
            using var place = await passwords.EnterAsync(cancellationToken);
            if (place is null)
            {
                return AccountsErrors.Busy;
            }

            // Read after the wait for a place, so that guesses sent all at once cannot slip past the lockout in a crowd.
            var normalized = AccountRules.IsEmail(email) ? normalizer.NormalizeEmail(email) : "";
            var user = await db.FindByEmailAsync(normalized, cancellationToken);
            var now = clock.GetUtcNow();
            if (user?.LockoutEnd > now)
            {
                return AccountsErrors.LockedOut(user.LockoutEnd.Value - now);
            }

            var verdict = await place.VerifyAsync(user?.PasswordHash, password);
            if (verdict == PasswordVerificationResult.Failed)
            {
                await CountFailureAsync(user?.Id ?? Guid.Empty, now);
                return AccountsErrors.InvalidCredentials;
            }

            if (verdict == PasswordVerificationResult.SuccessRehashNeeded || user!.AccessFailedCount > 0 || user.LockoutEnd is not null)
            {
                var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? await place.HashAsync(password) : user!.PasswordHash;
                // Only over what was read: a lockout or a password that another host has set since then stays.
                await db.Users.Where(u => u.Id == user!.Id && u.PasswordHash == user.PasswordHash && u.LockoutEnd == user.LockoutEnd).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(u => u.PasswordHash, hash)
                        .SetProperty(u => u.AccessFailedCount, 0)
                        .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
                    cancellationToken);
            }

            return await AnswerAsync(user!.Id, await refreshTokens.StartFamilyAsync(user.Id, cancellationToken), cancellationToken);
        }

        /// <remarks>
        /// Counted by the database, so that failures at the same moment and at other hosts all count, and not to be canceled by hanging up. Two statements,
        /// because in one MySQL would show the second assignment what the first one wrote; whoever comes in between finds the count and locks out too.
        /// </remarks>
        private async Task CountFailureAsync(Guid userId, DateTimeOffset now)
        {
            await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1), CancellationToken.None);
            await db.Users.Where(u => u.Id == userId && u.AccessFailedCount >= AccountRules.FailuresUntilLockout).ExecuteUpdateAsync(
                set => set.SetProperty(u => u.LockoutEnd, now + AccountRules.Lockout).SetProperty(u => u.AccessFailedCount, 0), CancellationToken.None);
        }

        private async Task<Result<Response>> AnswerAsync(Guid userId, string refreshToken, CancellationToken cancellationToken) =>
            await db.FindBearerAsync(userId, cancellationToken) is { } bearer
                ? new Response(accessTokens.Issue(bearer), "Bearer", (int)accessTokens.Lifetime.TotalSeconds, refreshToken)
                : AccountsErrors.RefreshTokenInvalid;
    }
}
