using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.Recovery;

/// <summary>Proves that a mail to an account's address has arrived.</summary>
internal static class ConfirmEmail
{
    internal sealed record Request(string Token) : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/accounts/confirm", async (Request body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(body, ct)).ToHttp(_ => TypedResults.NoContent())
            )
            .AllowAnonymous()
            .WithoutIdempotencyKey()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("ConfirmEmail")
            .WithTags("Accounts")
            .WithSummary("Confirms an e-mail address")
            .WithDescription(
                """
                With the token of the mail that follows a sign-up, valid once and for seven days, or a change of the address (`ChangeMe`),
                valid once and for a day. 409 `email-taken` when somebody else has the new address meanwhile; 422 `mail-token-invalid`
                (unknown, used before, or too old), `validation-failed`.
                """
            )
            .WithExamples(request: """{ "token": "kR3v…" }""")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status409Conflict, "email-taken")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "mail-token-invalid", "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Token).NotEmpty().MaximumLength(MailTokens.LongestToken);
    }

    internal sealed class Handler(
        AccountsDbContext db,
        MailTokens tokens,
        AccountMessages messages,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<Request, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Request request, CancellationToken cancellationToken)
        {
            if (await tokens.FindAsync(request.Token, MailToken.Confirmation, cancellationToken) is { } token)
            {
                return await db.IsolatedAsync(attempt => ConfirmAsync(token, attempt), cancellationToken);
            }

            return await tokens.FindAsync(request.Token, MailToken.EmailChange, cancellationToken) is { } change
                ? await ChangeAsync(change, cancellationToken)
                : AccountsErrors.MailTokenInvalid;
        }

        /// <summary>The unique index decides who has an address.</summary>
        private async Task<Result<Done>> ChangeAsync(MailToken token, CancellationToken cancellationToken)
        {
            try
            {
                return await db.IsolatedAsync(attempt => ChangeInIsolationAsync(token, attempt), cancellationToken);
            }
            catch (Exception failure) when (RelationalStorage.IsDuplicate(failure))
            {
                return AccountsErrors.EmailTaken;
            }
        }

        private async Task<Result<Done>> ChangeInIsolationAsync(MailToken token, CancellationToken cancellationToken)
        {
            if (!await tokens.UseAsync(token, cancellationToken))
            {
                return AccountsErrors.MailTokenInvalid;
            }

            var user = await db.Users.AsNoTracking().SingleAsync(each => each.Id == token.UserId, cancellationToken);
            var (email, name) = (normalizer.NormalizeEmail(token.Email), normalizer.NormalizeName(token.Email));
            await db
                .Users.Where(each => each.Id == user.Id)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(each => each.Email, token.Email)
                            .SetProperty(each => each.NormalizedEmail, email)
                            .SetProperty(each => each.UserName, token.Email)
                            .SetProperty(each => each.NormalizedUserName, name)
                            .SetProperty(each => each.EmailConfirmed, true),
                    cancellationToken
                );

            // The former address proves nothing any more.
            await db.MailTokens.Where(each => each.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
            await messages.TellAsync(
                cancellationToken,
                new EmailChanged(user.Id, user.Name, user.Email!, user.Language, token.Email, clock.GetUtcNow())
            );
            return default(Done);
        }

        private async Task<Result<Done>> ConfirmAsync(MailToken token, CancellationToken cancellationToken)
        {
            if (!await tokens.UseAsync(token, cancellationToken))
            {
                return AccountsErrors.MailTokenInvalid;
            }

            await db
                .Users.Where(user => user.Id == token.UserId && user.Email == token.Email)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.EmailConfirmed, true), cancellationToken);
            return default(Done);
        }
    }
}
