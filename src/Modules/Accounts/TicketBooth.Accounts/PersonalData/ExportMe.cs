using System.Security.Claims;
using System.Text.Json.Nodes;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>Gives people everything that the house holds about them.</summary>
internal static class ExportMe
{
    internal sealed record Query(Guid UserId) : IRequest<Result<Account>>;

    /// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>; null when it was never said.</param>
    internal sealed record Account(
        Guid Id,
        string Name,
        string Email,
        bool EmailConfirmed,
        string? Language,
        IReadOnlyList<string> Roles,
        bool HasPassword,
        bool HasSecondFactor
    );

    /// <summary>The document, for those who read about it: a section is left out where its module is not loaded.</summary>
    internal sealed record Document(
        DateTimeOffset ExportedAt,
        Account Account,
        IReadOnlyList<SignInsOfPerson.Item> SignIns,
        IReadOnlyList<SessionsOfPerson.Item> Sessions,
        IReadOnlyList<JsonObject>? Orders,
        IReadOnlyList<JsonObject>? CounterSales,
        IReadOnlyList<JsonObject>? Payments,
        IReadOnlyList<JsonObject>? Tickets,
        IReadOnlyList<JsonObject>? Transfers,
        IReadOnlyList<JsonObject>? Mails
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/accounts/me/export", async (ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(user.Id()), ct)).ToHttp(account => new ExportAnswer(account))
            )
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("ExportMe")
            .WithTags("Accounts")
            .WithSummary("Everything that the house holds about you")
            .WithDescription(
                """
                Your account, sign-ins and sessions, orders, purchases at the counter that were made with your e-mail address, payments,
                tickets with the names on them, offers of tickets, and mails. Prices and totals are in cents, times in UTC. No secrets: no
                password, no token, no code of a ticket, and nothing about a card, which only the payment gateway has. What goes by the
                address alone needs a confirmed address. The lists are complete: there are no pages. 404 `account-not-found`.
                """
            )
            .WithExamples(response: ExportExample.Text)
            .Produces<Document>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "account-not-found")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(query => query.UserId).NotEmpty();
    }

    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<Query, Result<Account>>
    {
        public async Task<Result<Account>> Handle(Query request, CancellationToken cancellationToken)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(each => each.Id == request.UserId, cancellationToken);
            return user is not { ErasedAt: null }
                ? AccountsErrors.NoSuchAccount
                : new Account(
                    user.Id,
                    user.Name,
                    user.Email!,
                    user.EmailConfirmed,
                    user.Language,
                    await db.RolesOfAsync(user.Id, cancellationToken),
                    user.PasswordHash is not null,
                    user.TwoFactorEnabled
                );
        }
    }
}
