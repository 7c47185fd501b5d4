using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Finds the account of an e-mail address, so that an administrator can give it roles.</summary>
internal static class FindAccounts
{
    internal sealed record Query(string Email) : IRequest<Result<Page<Bearer>>>;

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
                "The whole address, without regard to case; no account is an empty list. "
                    + "422 validation-failed when it is not an address."
            )
            .WithTags("Accounts")
            .WithExamples(
                response: """
                { "items":
                    [{ "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com", "roles": ["customer"] }],
                  "nextCursor": null }
                """
            )
            .Produces<Page<Bearer>>()
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

    internal sealed class Handler(AccountsDbContext db, ILookupNormalizer normalizer) : IRequestHandler<Query, Result<Page<Bearer>>>
    {
        public async Task<Result<Page<Bearer>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var normalized = normalizer.NormalizeEmail(request.Email.Trim());
            var ids = await db
                .Users.Where(user => user.NormalizedEmail == normalized)
                .Select(user => user.Id)
                .ToListAsync(cancellationToken);
            return ids is [var id] && await db.FindBearerAsync(id, cancellationToken) is { } found
                ? new Page<Bearer>([found], null)
                : new Page<Bearer>([], null);
        }
    }
}
