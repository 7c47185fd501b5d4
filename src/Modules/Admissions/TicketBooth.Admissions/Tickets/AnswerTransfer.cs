using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Accepts or declines a ticket that was offered; whoever has offered it takes it back so.</summary>
internal static class AnswerTransfer
{
    internal sealed record Command(Guid TransferId, Guid UserId, bool Accepts) : IRequest<Result<TransferredTicket>>;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(
                "/api/v1/transfers/{transferId:guid}/accept",
                (Guid transferId, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    AnswerAsync(transferId, user, accepts: true, mediator, ct)
            )
            .WithName("AcceptTransfer")
            .WithSummary("Accept a ticket that was offered to you")
            .WithDescription(
                """
                The ticket is yours, with a code of its own: the former one is void. `ListOrderTickets` shows it to you. The money of a
                refund still goes to whoever paid, and ends the ticket. Your address must be confirmed: 409 `email-not-confirmed`. 404
                `transfer-not-found` when it was offered to another address, or is answered already.
                """
            )
            .Describe();
        routes
            .MapPost(
                "/api/v1/transfers/{transferId:guid}/decline",
                (Guid transferId, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    AnswerAsync(transferId, user, accepts: false, mediator, ct)
            )
            .WithName("DeclineTransfer")
            .WithSummary("Decline a ticket that was offered, or take the offer back")
            .WithDescription(
                """
                For whoever it was offered to, with a confirmed address, and whoever offered it. The ticket stays with its owner, its code
                is as good as before, and it may be offered again.
                """
            )
            .Describe();
    }

    private static void Describe(this RouteHandlerBuilder endpoint) =>
        endpoint
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithTags("Tickets")
            .WithExamples(response: TransferExamples.Answered)
            .Produces<TransferredTicket>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "transfer-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "email-not-confirmed", "ticket-issued-too-often")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> AnswerAsync(
        Guid transferId,
        ClaimsPrincipal user,
        bool accepts,
        IMediator mediator,
        CancellationToken cancellationToken
    )
    {
        var command = new Command(transferId, user.Id(), accepts);
        return (await mediator.Send(command, cancellationToken)).ToHttp(TypedResults.Ok);
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.UserId).NotEmpty();
    }

    /// <remarks>
    /// Accounts says whose address is what, and whether it is proven. A token says neither: anybody signs up with anybody's address, and it
    /// may be older than a confirmation or than another address.
    /// </remarks>
    internal sealed class Handler(ITicketStore tickets, IMediator mediator, TimeProvider clock)
        : IRequestHandler<Command, Result<TransferredTicket>>
    {
        public async Task<Result<TransferredTicket>> Handle(Command request, CancellationToken cancellationToken)
        {
            var accounts = await mediator.Send(new GetUsers([request.UserId]), cancellationToken);
            if (accounts.Error is { } error)
            {
                return error;
            }

            var account = accounts.Value is [var found] ? found : null;

            // Again when somebody else was faster: then the offer is answered, or the order was refunded.
            while (await tickets.OfTransferAsync(request.TransferId) is { IsActive: true } ticket)
            {
                var isAddressed = string.Equals(ticket.TransferEmail, account?.Email, StringComparison.OrdinalIgnoreCase);
                var isTheirs = isAddressed && account is { IsEmailConfirmed: true };
                if (!isTheirs && (request.Accepts || !ticket.IsOf(request.UserId)))
                {
                    return isAddressed ? AdmissionsErrors.EmailNotConfirmed : AdmissionsErrors.TransferNotFound;
                }

                var generation = IssueRules.NextGeneration(await tickets.OfNumberAsync(ticket.EventId, ticket.Number));
                if (request.Accepts && generation > TicketCode.LastGeneration)
                {
                    return AdmissionsErrors.IssuedTooOften;
                }

                var answered = ticket with { TransferId = null, TransferEmail = null };
                var after = request.Accepts ? answered.GivenTo(request.UserId, generation) : answered;
                var answer =
                    request.Accepts ? TransferAnswer.Accepted
                    : isTheirs ? TransferAnswer.Declined
                    : TransferAnswer.Withdrawn;
                if (await tickets.TryChangeAsync(after, TransferMessages.Answered(ticket, answer, clock.GetUtcNow())))
                {
                    return new TransferredTicket(ticket.OrderId, ticket.Id, request.Accepts);
                }
            }

            return AdmissionsErrors.TransferNotFound;
        }
    }
}
