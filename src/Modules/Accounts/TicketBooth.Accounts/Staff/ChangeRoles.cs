using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Appoints and dismisses clerks and administrators.</summary>
internal static class ChangeRoles
{
    [LimitsOf(typeof(ChangeUserRoles))]
    internal sealed record Request(string[] Roles);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut(
                "/api/v1/accounts/{id:guid}/roles",
                async (Guid id, Request body, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var seen = RolesTag.Read(http.Request.Headers.IfMatch);
                    var changed = await mediator.Send(new ChangeUserRoles(id, body.Roles, http.User.ToActor(), seen), cancellationToken);
                    return changed.Error == AccountsErrors.RolesChanged
                        ? AccountsErrors.RolesStale.ToProblem()
                        : changed.ToHttp(user => GetRoles.Show(http, user));
                }
            )
            .RequireAdmin()
            .WithName("ChangeRoles")
            .WithSummary("Sets the roles of an account")
            .WithDescription(
                "roles replaces the roles that the account had: one or more of customer, clerk, admin, door. An access token that names a "
                    + "staff role and one that was taken away is refused from now on (401 token-outdated). Sessions at the back office "
                    + "end. Send the ETag of GetRoles as If-Match to be refused with 412 roles-changed when another administrator was "
                    + "faster. 403 role-lost; 404 account-not-found; 409 last-admin; 422 validation-failed."
            )
            .WithTags("Accounts")
            .WithExamples(
                request: """{ "roles": ["clerk"] }""",
                response: """
                { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com", "roles": ["clerk"] }
                """
            )
            .ReadsHeader("If-Match", "The `ETag` of the roles as they were read; the change is refused when they were changed since.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "For `If-Match` of the next change.")
            .Produces<Bearer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status403Forbidden, "role-lost")
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "last-admin")
            .ProducesErrors(StatusCodes.Status412PreconditionFailed, "roles-changed")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<ChangeUserRoles>
    {
        public Validator()
        {
            RuleFor(command => command.Roles).NotEmpty().WithMessage("At least one role is needed.");
            RuleFor(command => command.By!).SetValidator(new ActorRules()).When(command => command.By is not null);
            RuleForEach(command => command.Roles)
                .Must(role => role is not null && StoredRoles.Ids.ContainsKey(role))
                .WithMessage("One of customer, clerk, admin, door.");
        }
    }

    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<ChangeUserRoles, Result<UserView>>
    {
        // In isolation: of two administrators who dismiss each other at the same moment, one must stay.
        public Task<Result<UserView>> Handle(ChangeUserRoles request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => ChangeAsync(request, attempt), cancellationToken);

        private async Task<Result<UserView>> ChangeAsync(ChangeUserRoles request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            if (await db.ViewsOfAsync(db.Users.Where(user => user.Id == request.UserId), cancellationToken) is not [var account])
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (request.Replaces is { } replaces && !account.Roles.ToHashSet(StringComparer.Ordinal).SetEquals(replaces))
            {
                return AccountsErrors.RolesChanged;
            }

            if (!request.Roles.Contains(Roles.Admin, StringComparer.Ordinal) && await db.IsLastAdminAsync(account, cancellationToken))
            {
                return AccountsErrors.LastAdmin;
            }

            await db.UserRoles.Where(role => role.UserId == account.Id).ExecuteDeleteAsync(cancellationToken);
            db.UserRoles.AddRange(request.Roles.Distinct(StringComparer.Ordinal).Select(role => StoredRoles.Give(account.Id, role)));
            await db.SaveChangesAsync(cancellationToken);
            await db.RestampAsync(account.Id, cancellationToken);
            return account with { Roles = await db.RolesOfAsync(account.Id, cancellationToken) };
        }
    }
}
