using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.Guests;

/// <summary>Signs a guest in, with the token of a mail: into a new account without a password, or into the one of the last time.</summary>
internal static class ConfirmGuest
{
    internal sealed record Request(string Token) : IRequest<Result<Response>>;

    /// <param name="AccessToken">A JWT, for the Authorization header.</param>
    /// <param name="TokenType">Always <c>Bearer</c>.</param>
    /// <param name="ExpiresIn">How long the access token is valid, in seconds.</param>
    /// <param name="RefreshToken">Valid for one exchange, as after any sign-in.</param>
    internal sealed record Response(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/accounts/guest/confirm", async (Request body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var tokens = await mediator.Send(body, ct);
                http.Response.Headers.CacheControl = "no-store";
                return tokens.ToHttp(TypedResults.Ok);
            })
            .AllowAnonymous()
            .WithoutIdempotencyKey()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("ConfirmGuest")
            .WithTags("Accounts")
            .WithSummary("Signs a guest in")
            .WithDescription(
                """
                With the token of the mail that `POST /api/v1/accounts/guest` asked for, once and within 30 minutes. The answer is that of
                any sign-in: order and pay with the access token. The account has a confirmed address and no password; the same address
                leads to the same account the next time, and `POST /api/v1/accounts/password-reset` gives it a password.

                409 `account-exists` when the address has an account with a password, or one of staff: a mail alone opens none of those.
                401 `account-disabled`, `session-ended` (what ends sign-ins happened meanwhile: ask for another mail); 422
                `mail-token-invalid` (unknown, used before, or too old), `validation-failed`.
                """
            )
            .WithExamples(
                request: """{ "token": "kR3v…" }""",
                response: """{ "accessToken": "eyJhbGciOiJFUzI1NiJ9…", "tokenType": "Bearer", "expiresIn": 900, "refreshToken": "kR3v…" }"""
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "account-disabled", "session-ended")
            .ProducesErrors(StatusCodes.Status409Conflict, "account-exists")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "mail-token-invalid", "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Token).NotEmpty().MaximumLength(MailTokens.LongestToken);
    }

    internal sealed class Handler(
        AccountsDbContext db,
        GuestTokens tokens,
        AccountMessages messages,
        RefreshTokens refreshTokens,
        AccessTokens accessTokens,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<Request, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Request request, CancellationToken cancellationToken)
        {
            if (await tokens.FindAsync(request.Token, cancellationToken) is not { } token)
            {
                return AccountsErrors.MailTokenInvalid;
            }

            var entered = await db.IsolatedAsync(attempt => EnterAsync(token, attempt), cancellationToken);
            if (entered.Error is { } refusal)
            {
                return refusal;
            }

            var started = await refreshTokens.StartFamilyAsync(entered.Value, device: null, cancellationToken);
            if (started.Error is { } ended)
            {
                return ended;
            }

            var guest = await db.FindBearerAsync(entered.Value.Id, cancellationToken);
            return new Response(
                accessTokens.Issue(guest!, started.Value.SignIn),
                "Bearer",
                (int)accessTokens.Lifetime.TotalSeconds,
                started.Value.Token
            );
        }

        private async Task<Result<User>> EnterAsync(GuestToken token, CancellationToken cancellationToken)
        {
            if (!await tokens.UseAsync(token, cancellationToken))
            {
                return AccountsErrors.MailTokenInvalid;
            }

            if (await db.FindByEmailAsync(token.NormalizedEmail, cancellationToken) is null)
            {
                var guest = Guest(token);
                if (await db.TryAddAsync(guest, Roles.Customer, cancellationToken))
                {
                    await messages.TellAsync(
                        cancellationToken,
                        new AccountCreated(guest.Id, guest.Name, guest.Email!, guest.Language, clock.GetUtcNow())
                    );
                    return guest;
                }

                // Somebody has signed up with the address meanwhile: the unique index decided.
                db.ChangeTracker.Clear();
            }

            var known = await db.FindByEmailAsync(token.NormalizedEmail, cancellationToken);
            if (known is not { IsGuest: true })
            {
                return AccountsErrors.AccountExists;
            }

            // Who was made a member of staff needs a password from then on.
            var roles = await db.RolesOfAsync(known.Id, cancellationToken);
            return roles switch
            {
                [] => AccountsErrors.AccountDisabled,
                [Roles.Customer] => known,
                _ => AccountsErrors.AccountExists,
            };
        }

        private User Guest(GuestToken token)
        {
            var name = token.Name ?? token.Email[..token.Email.IndexOf('@', StringComparison.Ordinal)];
            var guest = User.New(name, token.Email, "", normalizer, clock.GetUtcNow());
            (guest.PasswordHash, guest.EmailConfirmed, guest.Language) = (null, true, token.Language);
            return guest;
        }
    }
}
