using System.ComponentModel;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningUp;

/// <summary>Creates an account for a customer.</summary>
internal static class SignUp
{
    [LimitsOf(typeof(RegisterUser))]
    internal sealed record Request(string Name, string Email, [property: Description(PasswordRules.InWords)] string Password);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/accounts",
                async (Request body, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var registered = await mediator.Send(
                        new RegisterUser(body.Name, body.Email, body.Password, ClientAddress.Of(context)),
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
                    + "409 email-taken; 422 validation-failed with the messages by field in errors; 429 sign-up-pause (ten sign-ups from "
                    + "this network address found their address taken; see Retry-After); 503 sign-in-busy."
            )
            .WithTags("Accounts")
            .WithExamples(
                request: """{ "name": "Ana", "email": "ana@example.com", "password": "a-long-password" }""",
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
            if (await db.TryAddAsync(user, Roles.Customer, cancellationToken))
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

        private Task<TimeSpan?> FindPauseAsync(string from, CancellationToken cancellationToken) =>
            delays.FindSignUpPauseAsync(from, options.Value.FreeTakenSignUps, clock.GetUtcNow(), cancellationToken);
    }
}
