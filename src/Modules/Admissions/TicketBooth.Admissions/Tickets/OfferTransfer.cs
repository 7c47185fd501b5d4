using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Doors;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Offers a ticket to somebody else.</summary>
internal static class OfferTransfer
{
    // Every offer and every answer to it is a change, and sends a mail to an address that the owner has chosen.
    private const int MostChanges = 50;

    /// <param name="Email">Of whoever is to have the ticket.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(string Email);

    internal sealed record Command(Guid OrderId, Guid TicketId, Viewer Viewer, string Email) : IRequest<Result<TransferOffer>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/orders/{id:guid}/tickets/{ticketId:guid}/transfer",
                async (Guid id, Guid ticketId, Body body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, ticketId, Viewer.Of(user), body.Email), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("OfferTransfer")
            .WithTags("Tickets")
            .WithSummary("Offer a ticket to somebody else")
            .WithDescription(
                """
                Whoever has this e-mail address, confirmed, and the `transferId` may accept it. Where the house sends mails they get one
                with it, and you get one about their answer; otherwise send it to them. Until they answer, the ticket opens no door and can
                be neither named, issued anew nor offered to another. You take the offer back with `DeclineTransfer`. How often a ticket may
                be transferred is a rule of the event, once unless it says otherwise: 409 `transfer-not-allowed`. So is the answer for a
                ticket that was offered too often, some twenty times.
                """
            )
            .WithExamples(request: """{ "email": "bia@example.com" }""", response: TransferExamples.Offer)
            .Produces<TransferOffer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found", "ticket-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "ticket-checked-in", "ticket-in-transfer", "ticket-void", "transfer-not-allowed")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() =>
            RuleFor(command => command.Email)
                .MaximumLength(254)
                .Must(email => EmailRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.");
    }

    internal sealed class Handler(OrderTicketsOf orders, KnownEvents events, TimeProvider clock)
        : IRequestHandler<Command, Result<TransferOffer>>
    {
        public async Task<Result<TransferOffer>> Handle(Command request, CancellationToken cancellationToken)
        {
            var eventId = TaggedId.BaseOf(request.TicketId);
            var most = (await events.FindAsync(eventId, cancellationToken))?.RulesNow.Transfers ?? 0;
            var now = clock.GetUtcNow();
            var transferId = FreshId.At(now);
            var changed = await orders.ChangeAsync(
                request.OrderId,
                request.TicketId,
                request.Viewer,
                (ticket, _) =>
                    ticket.Transfers >= most ? AdmissionsErrors.TransferNotAllowed
                    : ticket.Version >= MostChanges ? AdmissionsErrors.OfferedTooOften
                    : ticket with
                    {
                        TransferId = transferId,
                        TransferEmail = request.Email.Trim(),
                    },
                cancellationToken,
                offered => TransferMessages.Offered(offered, now)
            );
            return changed.Map(ticket => new TransferOffer(ticket.TransferId!.Value, ticket.Id, ticket.TransferEmail!));
        }
    }
}
