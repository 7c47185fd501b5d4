using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Profile;

/// <summary>Changes one's own name, address and language. Another address holds once a mail to it was answered.</summary>
internal static class ChangeMe
{
    /// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>.</param>
    /// <param name="CurrentPassword">The present one, needed for another email.</param>
    /// <param name="Token">
    /// Instead of it, of an account without a password: that of a mail that <c>POST /api/v1/accounts/guest</c> asked for.
    /// </param>
    internal sealed record Request(
        string? Name = null,
        string? Email = null,
        string? Language = null,
        string? CurrentPassword = null,
        string? Token = null
    );

    /// <param name="From">The client's network address, as limits count it.</param>
    internal sealed record Command(
        Guid UserId,
        string? Name,
        string? Email,
        string? Language,
        string? CurrentPassword,
        string? Token,
        string From
    ) : IRequest<Result<Response>>;

    /// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>; null for that of the installation.</param>
    /// <param name="AwaitsEmail">The address that a mail was sent to, to be confirmed; null when none was.</param>
    internal sealed record Response(Guid Id, string Name, string Email, string? Language, string? AwaitsEmail);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut("/api/v1/accounts/me", async (Request body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var command = new Command(
                    http.User.Id(),
                    body.Name,
                    body.Email,
                    body.Language,
                    body.CurrentPassword,
                    body.Token,
                    ClientAddress.Of(http)
                );
                return (await mediator.Send(command, ct)).ToHttp(TypedResults.Ok);
            })
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("ChangeMe")
            .WithTags("Accounts")
            .WithSummary("Changes one's own account")
            .WithDescription(
                """
                What is left out stays. name and language hold at once; access tokens have the new name from the next one on. Another email
                needs `currentPassword`; an account without one (a guest's) sends `token`, of a mail that `POST /api/v1/accounts/guest` asks
                for. It holds when the token of the mail that goes to it comes back (`ConfirmEmail`): until then `awaitsEmail` names it, and
                the address stays what it was. Whatever ends the account's other sign-ins, as a new password, calls it off. The former
                address gets a mail about the change. An account gets three such mails sent, and an address three, then one an hour: 429
                `email-change-pause`, see Retry-After. 401 `invalid-credentials`, `locked-out`; 422 `mail-token-invalid`,
                `validation-failed`; 503 `sign-in-busy`.
                """
            )
            .WithExamples(
                request: """{ "name": "Ana Souza", "email": "ana.souza@example.com", "currentPassword": "a-long-password" }""",
                response: """
                { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana Souza", "email": "ana@example.com", "language": "pt-BR",
                  "awaitsEmail": "ana.souza@example.com" }
                """
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "account-disabled", "invalid-credentials", "locked-out", "unauthenticated")
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "mail-token-invalid", "validation-failed")
            .ProducesErrors(StatusCodes.Status429TooManyRequests, "email-change-pause")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "sign-in-busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Name!)
                .NotEmpty()
                .WithMessage("A name is needed.")
                .MaximumLength(AccountRules.LongestName)
                .WithMessage("At most 200 characters.")
                .MustBeName()
                .When(command => command.Name is not null);
            RuleFor(command => command.Email!)
                .Must(email => EmailRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.")
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.")
                .When(command => command.Email is not null);
            RuleFor(command => command.Language)
                .Must(ClientLanguage.IsKnown)
                .When(command => command.Language is not null)
                .WithMessage("One of en, pt-BR.");
            RuleFor(command => command.CurrentPassword).Null().When(command => command.Token is not null).WithMessage(OwnerProof.Needed);
            RuleFor(command => command.Token).NotEmpty().MaximumLength(MailTokens.LongestToken).When(command => command.Token is not null);
        }
    }

    internal sealed class Handler(
        AccountsDbContext db,
        MailTokens tokens,
        AccountMessages messages,
        OwnerProof proof,
        PasswordDelays delays,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (request.Email is { } email && await FindObjectionAsync(request, email.Trim(), cancellationToken) is { } objection)
            {
                return objection;
            }

            return await db.IsolatedAsync(attempt => ChangeAsync(request, attempt), cancellationToken);
        }

        /// <summary>Why no mail goes to another address.</summary>
        private async Task<Error?> FindObjectionAsync(Command request, string email, CancellationToken cancellationToken)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(each => each.Id == request.UserId, cancellationToken);
            var normalized = normalizer.NormalizeEmail(email);
            if (user is not { ErasedAt: null } || normalized == user.NormalizedEmail)
            {
                return null;
            }

            if (string.IsNullOrEmpty(request.CurrentPassword) && request.Token is null)
            {
                return AccountsErrors.WrongPassword(OwnerProof.Needed, "currentPassword");
            }

            var unproven = await proof.FindObjectionAsync(user, request.CurrentPassword, request.Token, request.From, cancellationToken);
            if (unproven is not null)
            {
                return unproven;
            }

            var now = clock.GetUtcNow();
            foreach (var key in new[] { PasswordDelays.KeyOfEmailChangesOf(user.Id), PasswordDelays.KeyOfEmailChangesTo(normalized) })
            {
                if (await delays.CountMailAsync(key, now) is { } wait)
                {
                    return AccountsErrors.EmailChangePause(wait);
                }
            }

            return null;
        }

        private async Task<Result<Response>> ChangeAsync(Command request, CancellationToken cancellationToken)
        {
            if (
                await db.Users.AsNoTracking().FirstOrDefaultAsync(each => each.Id == request.UserId, cancellationToken)
                is not { ErasedAt: null } user
            )
            {
                return AccountsErrors.NoSuchAccount;
            }

            var name = request.Name?.Trim().Normalize() ?? user.Name;
            var language = request.Language ?? user.Language;
            var searchName = Folding.SearchNameOf(name);
            await db
                .Users.Where(each => each.Id == user.Id)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(each => each.Name, name)
                            .SetProperty(each => each.SearchName, searchName)
                            .SetProperty(each => each.Language, language),
                    cancellationToken
                );
            var awaited = await AskAsync(request.Email?.Trim(), user, name, language, cancellationToken);
            return new Response(user.Id, name, user.Email!, language, awaited);
        }

        /// <summary>Sends a token to another address. Whether somebody else has it shows to nobody before the token comes back.</summary>
        private async Task<string?> AskAsync(string? email, User user, string name, string? language, CancellationToken cancellationToken)
        {
            if (email is null || normalizer.NormalizeEmail(email) == user.NormalizedEmail)
            {
                return null;
            }

            var (token, expiresAt) = await tokens.IssueAsync(user.Id, email, MailToken.EmailChange, cancellationToken);
            await messages.TellAsync(
                cancellationToken,
                new EmailChangeAsked(user.Id, name, email, language, token, expiresAt, clock.GetUtcNow())
            );
            return email;
        }
    }
}
