using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Accounts.Staff;

/// <summary>Makes a new link for somebody whose link was lost or has expired.</summary>
internal static class RenewInvitation
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/staff/invitations/{id:guid}/renew",
                async (Guid id, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var renewed = await mediator.Send(new Contracts.RenewInvitation(id, http.User.ToActor()), cancellationToken);
                    return renewed.ToHttp(invitation => TypedResults.Ok(InvitationAnswer.Of(invitation, http)));
                }
            )
            .RequireAdmin()
            .WithoutIdempotencyKey()
            .WithName("RenewInvitation")
            .WithSummary("Makes a new token for an invitation")
            .WithDescription(
                "id is that of the account. The token before is worth nothing any more. "
                    + "403 role-lost; 404 account-not-found; 409 invitation-accepted."
            )
            .WithTags("Accounts")
            .WithExamples(response: InvitationAnswer.Example)
            .Produces<InvitationAnswer>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status403Forbidden, "role-lost")
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "invitation-accepted");

    internal sealed class Validator : AbstractValidator<Contracts.RenewInvitation>
    {
        public Validator() => RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
    }

    internal sealed class Handler(AccountsDbContext db, InvitationTokens tokens, AccountMessages messages, TimeProvider clock)
        : IRequestHandler<Contracts.RenewInvitation, Result<Invitation>>
    {
        // In isolation: an invitation that is accepted meanwhile ends no session that began with it.
        public Task<Result<Invitation>> Handle(Contracts.RenewInvitation request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => RenewAsync(request, attempt), cancellationToken);

        private async Task<Result<Invitation>> RenewAsync(Contracts.RenewInvitation request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            if (await db.ViewsOfAsync(db.Users.Where(user => user.Id == request.UserId), cancellationToken) is not [var view])
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (!view.IsInvited)
            {
                return AccountsErrors.InvitationAccepted;
            }

            var user = await db.RestampAsync(view.Id, cancellationToken);
            var (token, expiresAt) = tokens.Issue(user);
            await messages.TellAsync(
                cancellationToken,
                new StaffInvited(user.Id, user.Name, user.Email!, user.Language, view.Roles[0], token, expiresAt, clock.GetUtcNow())
            );
            return new Invitation(view, token, expiresAt);
        }
    }
}
