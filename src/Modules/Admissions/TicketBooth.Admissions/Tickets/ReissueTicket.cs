using System.Security.Claims;
using MediatR;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Gives a ticket a new code, because the former one was lost or seen by others.</summary>
internal static class ReissueTicket
{
    internal sealed record Command(Guid OrderId, Guid TicketId, Viewer Viewer) : IRequest<Result<TicketView>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/orders/{id:guid}/tickets/{ticketId:guid}/reissue",
                async (Guid id, Guid ticketId, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, ticketId, Viewer.Of(user)), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAuthorization()
            .WithName("ReissueTicket")
            .WithTags("Tickets")
            .WithSummary("Give a ticket a new code")
            .WithDescription(
                """
                For its owner and staff, when a printed ticket is lost or its code was seen by others. The former code is void at once, and
                at scanners that are offline once they have loaded the door again. 409 `ticket-checked-in` once it has opened the door.
                """
            )
            .WithExamples(response: TicketExamples.Valid)
            .Produces<TicketView>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found", "ticket-not-found")
            .ProducesErrors(
                StatusCodes.Status409Conflict,
                "ticket-checked-in",
                "ticket-in-transfer",
                "ticket-issued-too-often",
                "ticket-void"
            );

    internal sealed class Handler(OrderTicketsOf orders, TicketViews views) : IRequestHandler<Command, Result<TicketView>>
    {
        public async Task<Result<TicketView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var changed = await orders.ChangeAsync(
                request.OrderId,
                request.TicketId,
                request.Viewer,
                (ticket, ofNumber) =>
                    IssueRules.NextGeneration(ofNumber) is <= TicketCode.LastGeneration and var generation
                        ? ticket.Reissued(generation)
                        : AdmissionsErrors.IssuedTooOften,
                cancellationToken
            );
            return changed.Error is { } error ? error : (await views.OfAsync([changed.Value], request.Viewer, cancellationToken))[0];
        }
    }
}
