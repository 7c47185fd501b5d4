using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.Recovery;

/// <summary>Asks for a mail with which a forgotten password is replaced.</summary>
/// <remarks>
/// The request is stored, and nothing else: an address that has an account takes as long as one that has none.
/// <see cref="AnswerMailRequestsWorker"/> does the rest.
/// </remarks>
internal static class AskPasswordReset
{
    internal sealed record Request(string Email);

    /// <param name="Language">Of the mail where the account has none; null when the client asked for none.</param>
    /// <param name="From">The client's network address, as limits count it.</param>
    internal sealed record Command(string Email, string? Language, string From) : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/accounts/password-reset", async (Request body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var command = new Command(body.Email, ClientLanguage.NameOf(http.Request), ClientAddress.Of(http));
                return (await mediator.Send(command, ct)).ToHttp(_ => TypedResults.Accepted((string?)null));
            })
            .AllowAnonymous()
            .WithoutIdempotencyKey()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("AskPasswordReset")
            .WithTags("Accounts")
            .WithSummary("Asks for a mail to replace a forgotten password")
            .WithDescription(
                """
                Always 202, whether or not there is an account with this address: only the mail tells. It comes within seconds, in the
                account's language, and has a token for `PUT /api/v1/accounts/password` that is valid once and for an hour. An address
                gets at most three such mails in a day without a pause of an hour. 422 `validation-failed` for what is no address; 429
                `password-reset-pause` after 20 requests from one network address (see Retry-After).
                """
            )
            .WithExamples(request: """{ "email": "ana@example.com" }""")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesErrors(StatusCodes.Status429TooManyRequests, "password-reset-pause");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() =>
            RuleFor(command => command.Email)
                .Must(email => EmailRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.")
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.");
    }

    internal sealed class Handler(AccountsDbContext db, PasswordDelays delays, ILookupNormalizer normalizer, TimeProvider clock)
        : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            if (await delays.CountRequestAsync(PasswordDelays.KeyOfResetsFrom(request.From), now) is { } wait)
            {
                return AccountsErrors.PasswordResetPause(wait);
            }

            db.MailRequests.Add(
                new MailRequest
                {
                    Id = Guid.CreateVersion7(now),
                    NormalizedEmail = normalizer.NormalizeEmail(request.Email.Trim()),
                    Language = request.Language,
                }
            );
            await db.SaveChangesAsync(cancellationToken);
            return default(Done);
        }
    }
}
