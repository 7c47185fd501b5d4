using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>Erases one's own account, and everything about oneself.</summary>
internal static class EraseMe
{
    /// <param name="CurrentPassword">The present one, of an account that has one.</param>
    /// <param name="Token">Of a mail that <c>POST /api/v1/accounts/guest</c> asked for, of an account without a password.</param>
    internal sealed record Request(string? CurrentPassword = null, string? Token = null);

    /// <param name="From">The client's network address, as limits count it.</param>
    internal sealed record Command(Guid UserId, string? CurrentPassword, string? Token, string From) : IRequest<Result<Done>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapDelete("/api/v1/accounts/me", async ([FromBody] Request body, HttpContext http, IMediator mediator, CancellationToken ct) =>
            {
                var command = new Command(http.User.Id(), body.CurrentPassword, body.Token, ClientAddress.Of(http));
                return (await mediator.Send(command, ct)).ToHttp(_ => TypedResults.NoContent());
            })
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("EraseMe")
            .WithTags("Accounts")
            .WithSummary("Erases your account and everything about you")
            .WithDescription(
                """
                This cannot be undone; `ExportMe` gives you everything first. Send `currentPassword`; an account without one (a guest's)
                sends `token`, of a mail that `POST /api/v1/accounts/guest` asks for. You are signed out everywhere at once, and the address
                is free for a new account. Name, address, language, password, sessions, the names on your tickets, your offers of tickets
                and the mails to you are removed within moments, wherever they are. Orders, payments and refunds stay, as the law wants,
                with ids and amounts and nothing that names you.

                409, with what must end first: `order-open` (an order waits for its payment), `tickets-valid` (you have tickets of a show to
                come: use them, give them away or cancel the order), `refund-open` (money is on its way back to you), `dispute-open` (your
                bank disputes a payment), `staff-account`, `last-admin`. 401 `invalid-credentials`, `locked-out`; 422
                `mail-token-invalid`, `validation-failed`; 503 `sign-in-busy`.
                """
            )
            .WithExamples(request: """{ "currentPassword": "a-long-password" }""")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "account-disabled", "invalid-credentials", "locked-out", "unauthenticated")
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found")
            .ProducesErrors(
                StatusCodes.Status409Conflict,
                "dispute-open",
                "last-admin",
                "order-open",
                "refund-open",
                "staff-account",
                "tickets-valid"
            )
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "mail-token-invalid", "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "sign-in-busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.CurrentPassword).NotEmpty().When(command => command.Token is null).WithMessage(OwnerProof.Needed);
            RuleFor(command => command.CurrentPassword).Null().When(command => command.Token is not null).WithMessage(OwnerProof.Needed);
            RuleFor(command => command.Token).NotEmpty().MaximumLength(MailTokens.LongestToken).When(command => command.Token is not null);
        }
    }

    internal sealed class Handler(AccountsDbContext db, OwnerProof proof, AccountEraser eraser)
        : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(each => each.Id == request.UserId, cancellationToken);
            if (user is not { ErasedAt: null })
            {
                return AccountsErrors.NoSuchAccount;
            }

            var unproven = await proof.FindObjectionAsync(user, request.CurrentPassword, request.Token, request.From, cancellationToken);
            if (unproven is { } objection)
            {
                return objection;
            }

            var erased = await eraser.EraseAsync(user.Id, by: null, cancellationToken);
            return erased.Map(_ => default(Done));
        }
    }
}
