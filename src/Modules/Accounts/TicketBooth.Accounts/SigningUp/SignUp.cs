using System.ComponentModel;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningUp;

/// <summary>Creates an account for a customer.</summary>
internal static class SignUp
{
    [LimitsOf(typeof(RegisterUser))]
    internal sealed record Request(
        string Name,
        string Email,
        [property: Description(PasswordRules.InWords)] string Password,
        string? Language = null
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/accounts",
                async (Request body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var registered = await mediator.Send(
                        new RegisterUser(
                            body.Name,
                            body.Email,
                            body.Password,
                            ClientAddress.Of(context),
                            body.Language ?? ClientLanguage.NameOf(context.Request)
                        ),
                        cancellationToken
                    );
                    return registered.ToHttp(user => TypedResults.Created((string?)null, user));
                }
            )
            .AllowAnonymous()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("SignUp")
            .WithSummary("Creates an account")
            .WithDescription(
                "For a new customer. name: 1 to 200 characters; email: plain characters (ASCII), compared without regard to case; "
                    + "password: 8 to 128 characters, not the name, the address or one of the commonest. "
                    + "Blanks around name and email are left out. "
                    + "language is that of mails, pt-BR or en; left out, it is what Accept-Language prefers. "
                    + "A mail follows whose token confirms the address (ConfirmEmail). "
                    + "409 email-taken; 422 validation-failed with the messages by field in errors; 429 sign-up-pause (ten sign-ups from "
                    + "this network address found their address taken; see Retry-After); 503 sign-in-busy."
            )
            .WithTags("Accounts")
            .WithExamples(
                request: """{ "name": "Ana", "email": "ana@example.com", "password": "a-long-password", "language": "pt-BR" }""",
                response: """{ "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com" }"""
            )
            .Produces<RegisteredUser>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status409Conflict, "email-taken")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesErrors(StatusCodes.Status429TooManyRequests, "sign-up-pause")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "sign-in-busy");

    internal sealed class Validator : AbstractValidator<RegisterUser>
    {
        public Validator()
        {
            RuleFor(request => request.Name)
                .NotEmpty()
                .WithMessage("A name is needed.")
                .MaximumLength(AccountRules.LongestName)
                .WithMessage("At most 200 characters.")
                .MustBeName();
            RuleFor(request => request.Email)
                .Must(email => EmailRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.")
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.");
            RuleFor(request => request.Language)
                .Must(ClientLanguage.IsKnown)
                .When(request => request.Language is not null)
                .WithMessage("One of en, pt-BR.");
            RuleFor(request => request.Password)
                .Custom(
                    (password, context) =>
                    {
                        var request = context.InstanceToValidate;
                        if (PasswordRules.FindObjection(password, request.Email, request.Name) is { } objection)
                        {
                            context.AddFailure(objection);
                        }
                    }
                );
        }
    }

    internal sealed class Handler(
        AccountsDbContext db,
        Passwords passwords,
        PasswordDelays delays,
        MailTokens tokens,
        AccountMessages messages,
        IOptions<AccountsOptions> options,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<RegisterUser, Result<RegisteredUser>>
    {
        public async Task<Result<RegisteredUser>> Handle(RegisterUser request, CancellationToken cancellationToken)
        {
            using var place = await passwords.EnterAsync(request.From ?? "", cancellationToken);
            if (place is null)
            {
                return AccountsErrors.Busy;
            }

            // Before the address is looked at: otherwise the pause itself would tell which addresses have an account.
            var counted = options.Value.FreeTakenSignUps > 0 ? request.From : null;
            if (counted is not null && await FindPauseAsync(counted, cancellationToken) is { } wait)
            {
                return AccountsErrors.SignUpPause(wait);
            }

            var user = User.New(
                request.Name.Trim().Normalize(),
                request.Email.Trim(),
                await place.HashAsync(request.Password),
                normalizer,
                clock.GetUtcNow()
            );
            user.Language = request.Language;
            if (await db.IsolatedAsync(attempt => TryAddAsync(user, attempt), cancellationToken))
            {
                return new RegisteredUser(user.Id, user.Name, user.Email!);
            }

            db.ChangeTracker.Clear();
            if (counted is not null)
            {
                await delays.CountAsync(PasswordDelays.KeyOfSignUps(counted), clock.GetUtcNow());
            }

            return AccountsErrors.EmailTaken;
        }

        private async Task<bool> TryAddAsync(User user, CancellationToken cancellationToken)
        {
            if (!await db.TryAddAsync(user, Roles.Customer, cancellationToken))
            {
                return false;
            }

            var now = clock.GetUtcNow();
            var (token, expiresAt) = await tokens.IssueAsync(user.Id, user.Email!, MailToken.Confirmation, cancellationToken);
            await messages.TellAsync(
                cancellationToken,
                new AccountCreated(user.Id, user.Name, user.Email!, user.Language, now),
                new EmailConfirmationAsked(user.Id, user.Name, user.Email!, user.Language, token, expiresAt, now)
            );
            return true;
        }

        private Task<TimeSpan?> FindPauseAsync(string from, CancellationToken cancellationToken) =>
            delays.FindSignUpPauseAsync(from, options.Value.FreeTakenSignUps, clock.GetUtcNow(), cancellationToken);
    }
}
