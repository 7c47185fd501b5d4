using MediatR;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Shows the roles of an account, with the tag by which the next change refers to them.</summary>
internal static class GetRoles
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/accounts/{id:guid}/roles",
                async (Guid id, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var found = await mediator.Send(new Contracts.GetUsers([id]), cancellationToken);
                    return found.ToHttp(users => users is [var user] ? Show(http, user) : AccountsErrors.NoSuchAccount.ToProblem());
                }
            )
            .RequireAdmin()
            .WithName("GetRoles")
            .WithSummary("Shows the roles of an account")
            .WithDescription("No role is a disabled account. Send the ETag as If-Match of ChangeRoles. 404 account-not-found.")
            .WithTags("Accounts")
            .WithExamples(
                response: """
                { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com", "roles": ["customer"] }
                """
            )
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "For `If-Match` of the next change.")
            .Produces<Bearer>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found");

    /// <summary>An account's roles, as they are read and as they were changed.</summary>
    public static IResult Show(HttpContext http, Contracts.UserView user)
    {
        http.Response.Headers.ETag = RolesTag.Of(user.Roles);
        return TypedResults.Ok(new Bearer(user.Id, user.Name, user.Email, user.Roles));
    }
}
