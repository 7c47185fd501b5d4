using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.Guests;

/// <summary>Asks for a mail with which somebody buys without a password.</summary>
/// <remarks>
/// Nobody looks here whether there is an account: the answer, the mail and the time are the same for every address. Whoever brings the
/// token back gets the mails to it, and only then it is looked up (<see cref="ConfirmGuest"/>).
/// </remarks>
internal static class AskGuestAccess
{
    /// <param name="Name">For a new account; the part of the address before the @ when left out.</param>
    /// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>.</param>
    internal sealed record Request(string Email, string? Name = null, string? Language = null);

    /// <param name="From">The client's network address, as limits count it.</param>
    internal sealed record Command(string Email, string? Name, string? Language, string From) : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/accounts/guest", async (Request body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var language = body.Language ?? ClientLanguage.NameOf(http.Request);
                var command = new Command(body.Email, body.Name, language, ClientAddress.Of(http));
                return (await mediator.Send(command, ct)).ToHttp(_ => TypedResults.Accepted((string?)null));
            })
            .AllowAnonymous()
            .WithoutIdempotencyKey()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("AskGuestAccess")
            .WithTags("Accounts")
            .WithSummary("Asks for a mail to buy without a password")
            .WithDescription(
                """
                Always 202, with or without an account at this address: only the mail leads on. It comes within seconds and has a token for
                `POST /api/v1/accounts/guest/confirm` that is valid once and for 30 minutes; a new one ends the former. `name` is that of a
                new account. `language` is that of mails, `pt-BR` or `en`; left out, it is what `Accept-Language` prefers. An address gets
                at most three such mails in a day without a pause of an hour. 422 `validation-failed`; 429 `guest-pause` after 20 requests
                from one network address (see Retry-After).
                """
            )
            .WithExamples(request: """{ "email": "ana@example.com", "name": "Ana", "language": "pt-BR" }""")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesErrors(StatusCodes.Status429TooManyRequests, "guest-pause");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Email)
                .Must(email => EmailRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.")
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.");
            RuleFor(command => command.Name!)
                .NotEmpty()
                .WithMessage("A name is needed.")
                .MaximumLength(AccountRules.LongestName)
                .WithMessage("At most 200 characters.")
                .MustBeName()
                .When(command => command.Name is not null);
            RuleFor(command => command.Language)
                .Must(ClientLanguage.IsKnown)
                .When(command => command.Language is not null)
                .WithMessage("One of en, pt-BR.");
        }
    }

    internal sealed class Handler(
        AccountsDbContext db,
        GuestTokens tokens,
        PasswordDelays delays,
        AccountMessages messages,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            if (await delays.CountRequestAsync(PasswordDelays.KeyOfGuestsFrom(request.From), now) is { } wait)
            {
                return AccountsErrors.GuestPause(wait);
            }

            var email = request.Email.Trim();
            var normalized = normalizer.NormalizeEmail(email);
            if (await delays.CountMailAsync(PasswordDelays.KeyOfGuestMailsFor(normalized), now) is not null)
            {
                return default(Done);
            }

            var name = request.Name?.Trim().Normalize();
            return await db.IsolatedAsync(
                async attempt =>
                {
                    var (token, expiresAt) = await tokens.IssueAsync(email, normalized, name, request.Language, attempt);
                    await messages.TellAsync(
                        attempt,
                        new GuestAccessAsked(Guid.CreateVersion7(now), name ?? "", email, request.Language, token, expiresAt, now)
                    );
                    return Result<Done>.From(default(Done));
                },
                cancellationToken
            );
        }
    }
}
