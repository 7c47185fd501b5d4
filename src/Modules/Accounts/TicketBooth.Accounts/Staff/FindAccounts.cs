using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Finds the account of an e-mail address, so that an administrator can give it roles.</summary>
internal static class FindAccounts
{
    internal sealed record Query(string Email) : IRequest<Result<Page<Account>>>;

    /// <param name="EmailConfirmed">
    /// A mail to the address has reached whoever signed up with it. Before that, anybody may have typed it: give no role then.
    /// </param>
    internal sealed record Account(Guid Id, string Name, string Email, bool EmailConfirmed, IReadOnlyList<string> Roles);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/accounts", async (string email, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var page = await mediator.Send(new Query(email), cancellationToken);
                return page.ToHttp(TypedResults.Ok);
            })
            .RequireAdmin()
            .WithName("FindAccounts")
            .WithSummary("Finds an account by its e-mail address")
            .WithDescription(
                "The whole address, without regard to case; no account is an empty list. Without `emailConfirmed` it may be anybody's. "
                    + "422 validation-failed when it is not an address."
            )
            .WithTags("Accounts")
            .WithExamples(
                response: """
                { "items":
                    [{ "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com", "emailConfirmed": true,
                       "roles": ["customer"] }],
                  "nextCursor": null }
                """
            )
            .Produces<Page<Account>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() =>
            RuleFor(query => query.Email)
                .Must(email => TextRules.IsOneLine(email) && email.Contains('@', StringComparison.Ordinal))
                .WithMessage("Not an e-mail address.");
    }

    internal sealed class Handler(AccountsDbContext db, ILookupNormalizer normalizer) : IRequestHandler<Query, Result<Page<Account>>>
    {
        public async Task<Result<Page<Account>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var normalized = normalizer.NormalizeEmail(request.Email.Trim());
            var found = await db.ViewsOfAsync(db.Users.Where(user => user.NormalizedEmail == normalized), cancellationToken);
            return new Page<Account>(
                [.. found.Select(user => new Account(user.Id, user.Name, user.Email, user.IsEmailConfirmed, user.Roles))],
                null
            );
        }
    }
}
