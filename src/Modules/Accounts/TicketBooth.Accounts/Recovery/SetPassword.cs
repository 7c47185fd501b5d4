using System.ComponentModel;
using System.Security.Claims;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Accounts.Recovery;

/// <summary>
/// Sets a new password, with a token that came by mail or with the present one. Ends what was signed in with the former one.
/// </summary>
internal static class SetPassword
{
    /// <param name="Token">Of the mail; without it the request needs an access token and the present password.</param>
    /// <param name="CurrentPassword">The present one.</param>
    internal sealed record Request(
        [property: Description(PasswordRules.InWords)] string NewPassword,
        string? Token = null,
        string? CurrentPassword = null
    );

    /// <param name="UserId">Who is signed in; null when nobody is.</param>
    /// <param name="SignIn">The sign-in of the access token: it goes on.</param>
    /// <param name="From">The client's network address, as limits count it.</param>
    internal sealed record Command(string NewPassword, string? Token, string? CurrentPassword, Guid? UserId, Guid? SignIn, string From)
        : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut("/api/v1/accounts/password", async (Request body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var command = new Command(
                    body.NewPassword,
                    body.Token,
                    body.CurrentPassword,
                    IdIn(http.User, Claims.UserId),
                    IdIn(http.User, Claims.SignIn),
                    ClientAddress.Of(http)
                );
                return (await mediator.Send(command, ct)).ToHttp(_ => TypedResults.NoContent());
            })
            .AllowAnonymous()
            .WithoutIdempotencyKey()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("SetPassword")
            .WithTags("Accounts")
            .WithSummary("Sets a new password")
            .WithDescription(
                """
                Send either `token`, of the mail that `POST /api/v1/accounts/password-reset` asked for, or `currentPassword` with an access
                token. All sign-ins and sessions of the account end; with `currentPassword` the one that the request came with goes on.
                A mail tells the account's holder. 401 `invalid-credentials`, `locked-out`; 422 `mail-token-invalid` (unknown, used before,
                or too old), `validation-failed`; 503 `sign-in-busy`.
                """
            )
            .WithExamples(request: """{ "token": "kR3v…", "newPassword": "another-long-password" }""")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "account-disabled", "invalid-credentials", "locked-out", "unauthenticated")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "mail-token-invalid", "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "sign-in-busy");

    private static Guid? IdIn(ClaimsPrincipal user, string claim) => Guid.TryParse(user.FindFirstValue(claim), out var id) ? id : null;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            const string Needed = "Send either token or currentPassword.";
            RuleFor(command => command.NewPassword).NotEmpty().WithMessage("Needed.");
            RuleFor(command => command.Token)
                .NotEmpty()
                .MaximumLength(MailTokens.LongestToken)
                .When(command => command.CurrentPassword is null)
                .WithMessage(Needed);
            RuleFor(command => command.Token).Null().When(command => command.CurrentPassword is not null).WithMessage(Needed);
        }
    }

    internal sealed class Handler(
        AccountsDbContext db,
        MailTokens tokens,
        AccountMessages messages,
        Credentials credentials,
        Passwords passwords,
        SignOuts signOuts,
        TimeProvider clock
    ) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            MailToken? token = null;
            if (request.Token is { } text)
            {
                token = await tokens.FindAsync(text, MailToken.PasswordReset, cancellationToken);
                if (token is null)
                {
                    return AccountsErrors.MailTokenInvalid;
                }
            }
            else if (request.UserId is null)
            {
                return AccountsErrors.TokenMissing;
            }

            var id = token?.UserId ?? request.UserId!.Value;
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
            if (user is null)
            {
                return AccountsErrors.InvalidCredentials;
            }

            if (
                token is null
                && await credentials.ProvePasswordAsync(user.Email!, request.CurrentPassword!, request.From, cancellationToken)
                    is { Error: { } wrong }
            )
            {
                return wrong;
            }

            if (PasswordRules.FindObjection(request.NewPassword, user.Email!, user.Name) is { } objection)
            {
                return AccountsErrors.WrongPassword(objection, "newPassword");
            }

            using var place = await passwords.EnterAsync(request.From, cancellationToken);
            if (place is null)
            {
                return AccountsErrors.Busy;
            }

            var hash = await place.HashAsync(request.NewPassword);
            var set = await db.IsolatedAsync(attempt => SetAsync(user, token, hash, request.SignIn, attempt), cancellationToken);
            if (set.IsSuccess)
            {
                await signOuts.ReadAsync(cancellationToken);
            }

            return set;
        }

        private async Task<Result<Done>> SetAsync(
            User user,
            MailToken? token,
            string hash,
            Guid? signIn,
            CancellationToken cancellationToken
        )
        {
            // The token decides a race of two with the same one, the hash that of two with the same present password.
            var isFirst = token is null
                ? await db.Users.AnyAsync(each => each.Id == user.Id && each.PasswordHash == user.PasswordHash, cancellationToken)
                : await tokens.UseAsync(token, cancellationToken);
            if (!isFirst)
            {
                return token is null ? AccountsErrors.InvalidCredentials : AccountsErrors.MailTokenInvalid;
            }

            var now = clock.GetUtcNow();
            var isProven = user.EmailConfirmed || token?.Email == user.Email;
            await db
                .Users.Where(each => each.Id == user.Id)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(each => each.PasswordHash, hash).SetProperty(each => each.EmailConfirmed, isProven),
                    cancellationToken
                );
            await db.EndSignInsAsync(user.Id, now, cancellationToken, kept: token is null ? signIn : null);
            await db.RestampAsync(user.Id, cancellationToken);
            await messages.TellAsync(cancellationToken, new PasswordChanged(user.Id, user.Name, user.Email!, user.Language, now));
            return default(Done);
        }
    }
}
