using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
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
                With the token of the mail that follows a sign-up: valid once, and for seven days. 422 `mail-token-invalid` (unknown, used
                before, or too old), `validation-failed`.
                """
            )
            .WithExamples(request: """{ "token": "kR3v…" }""")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "mail-token-invalid", "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Token).NotEmpty().MaximumLength(MailTokens.LongestToken);
    }

    internal sealed class Handler(AccountsDbContext db, MailTokens tokens) : IRequestHandler<Request, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Request request, CancellationToken cancellationToken) =>
            await tokens.FindAsync(request.Token, MailTokens.Confirmation, cancellationToken) is { } token
                ? await db.IsolatedAsync(attempt => ConfirmAsync(token, attempt), cancellationToken)
                : AccountsErrors.MailTokenInvalid;

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
