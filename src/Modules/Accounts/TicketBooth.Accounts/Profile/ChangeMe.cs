using System.Security.Claims;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Profile;

/// <summary>Changes one's own name, address and language. Another address holds once a mail to it was answered.</summary>
internal static class ChangeMe
{
    /// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>.</param>
    internal sealed record Request(string? Name = null, string? Email = null, string? Language = null);

    internal sealed record Command(Guid UserId, string? Name, string? Email, string? Language) : IRequest<Result<Response>>;

    /// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>; null for that of the installation.</param>
    /// <param name="AwaitsEmail">The address that a mail was sent to, to be confirmed; null when none was.</param>
    internal sealed record Response(Guid Id, string Name, string Email, string? Language, string? AwaitsEmail);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut("/api/v1/accounts/me", async (Request body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Command(user.Id(), body.Name, body.Email, body.Language), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("ChangeMe")
            .WithTags("Accounts")
            .WithSummary("Changes one's own account")
            .WithDescription(
                """
                What is left out stays. name and language hold at once; access tokens have the new name from the next one on. Another email
                holds when the token of the mail that goes to it comes back (`ConfirmEmail`): until then `awaitsEmail` names it, and the
                address stays what it was. The former address gets a mail about the change. 422 `validation-failed`.
                """
            )
            .WithExamples(
                request: """{ "name": "Ana Souza", "email": "ana.souza@example.com" }""",
                response: """
                { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana Souza", "email": "ana@example.com", "language": "pt-BR",
                  "awaitsEmail": "ana.souza@example.com" }
                """
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

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
        }
    }

    internal sealed class Handler(
        AccountsDbContext db,
        MailTokens tokens,
        AccountMessages messages,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<Command, Result<Response>>
    {
        public Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => ChangeAsync(request, attempt), cancellationToken);

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

            var (token, expiresAt) = await tokens.IssueAsync(user.Id, email, MailTokens.EmailChange, cancellationToken);
            await messages.TellAsync(
                cancellationToken,
                new EmailChangeAsked(user.Id, name, email, language, token, expiresAt, clock.GetUtcNow())
            );
            return email;
        }
    }
}
