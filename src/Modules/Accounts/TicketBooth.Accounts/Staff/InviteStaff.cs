using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.Staff;

/// <summary>Invites somebody to the staff.</summary>
internal static class InviteStaff
{
    [LimitsOf(typeof(Contracts.InviteStaff))]
    internal sealed record Request(string Name, string Email, string Role);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/staff/invitations",
                async (Request body, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var invited = await mediator.Send(
                        new Contracts.InviteStaff(body.Name, body.Email, body.Role, http.User.ToActor()),
                        cancellationToken
                    );
                    return invited.ToHttp(invitation => TypedResults.Created((string?)null, InvitationAnswer.Of(invitation, http)));
                }
            )
            .RequireAdmin()
            .WithoutIdempotencyKey()
            .WithName("InviteStaff")
            .WithSummary("Invites somebody to the staff")
            .WithDescription(
                """
                Makes an account with the role and without a password. Whoever has the token chooses the password at
                `/backoffice/invitation?token=…`. A mail with it goes to the address, where the module Notifications is on. Sent again it
                is 409 `email-taken`: renew the invitation then. 403 `role-lost`; 422 `validation-failed`.
                """
            )
            .WithTags("Accounts")
            .WithExamples(
                request: """{ "name": "Carla", "email": "carla@example.com", "role": "clerk" }""",
                response: InvitationAnswer.Example
            )
            .Produces<InvitationAnswer>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status403Forbidden, "role-lost")
            .ProducesErrors(StatusCodes.Status409Conflict, "email-taken")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.InviteStaff>
    {
        public Validator()
        {
            RuleFor(command => command.Name)
                .NotEmpty()
                .WithMessage("A name is needed.")
                .MaximumLength(AccountRules.LongestName)
                .WithMessage("At most 200 characters.")
                .MustBeName();
            RuleFor(command => command.Email)
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.")
                .Must(email => EmailRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.");
            RuleFor(command => command.Role)
                .Must(role => role is Roles.Clerk or Roles.Admin or Roles.Door)
                .WithMessage("One of clerk, admin, door.");
            RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(
        AccountsDbContext db,
        InvitationTokens tokens,
        AccountMessages messages,
        ILookupNormalizer normalizer,
        TimeProvider clock
    ) : IRequestHandler<Contracts.InviteStaff, Result<Invitation>>
    {
        // In isolation: a dismissed administrator invites nobody.
        public Task<Result<Invitation>> Handle(Contracts.InviteStaff request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => InviteAsync(request, attempt), cancellationToken);

        private async Task<Result<Invitation>> InviteAsync(Contracts.InviteStaff request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            var user = User.New(request.Name.Trim().Normalize(), request.Email.Trim(), "", normalizer, clock.GetUtcNow());
            user.PasswordHash = null;
            if (!await db.TryAddAsync(user, request.Role, cancellationToken))
            {
                return AccountsErrors.EmailTaken;
            }

            var (token, expiresAt) = tokens.Issue(user);
            await messages.TellAsync(
                cancellationToken,
                new StaffInvited(user.Id, user.Name, user.Email!, user.Language, request.Role, token, expiresAt, clock.GetUtcNow())
            );
            var view = new UserView(user.Id, user.Name, user.Email!, [request.Role], HasSecondFactor: false, IsInvited: true);
            return new Invitation(view, token, expiresAt);
        }
    }
}
