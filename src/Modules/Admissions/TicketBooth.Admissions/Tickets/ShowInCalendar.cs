using System.Security.Claims;
using System.Text;
using MediatR;
using TicketBooth.Admissions.Documents;
using TicketBooth.Admissions.Doors;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>The show of an order for the calendar of whoever goes there.</summary>
internal static class ShowInCalendar
{
    internal sealed record Query(Guid OrderId, Viewer Viewer) : IRequest<Result<string>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/orders/{id:guid}/event.ics",
                async (Guid id, string? link, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Query(id, Viewer.Of(user, link)), ct)).ToHttp(calendar =>
                        TypedResults.Text(calendar, "text/calendar", Encoding.UTF8)
                    )
            )
            .AllowAnonymous()
            .WithName("ShowInCalendar")
            .WithTags("Tickets")
            .WithSummary("Load the show of an order for a calendar")
            .WithDescription(
                """
                An iCalendar file with the show's name, venue and start, for whoever `ListOrderTickets` shows the tickets to. Loading it
                again after the show was moved replaces the entry. 409 `tickets-not-issued` while the order has no ticket.
                """
            )
            .WithExamples(response: "\"BEGIN:VCALENDAR…\"")
            .Produces<string>(StatusCodes.Status200OK, "text/calendar")
            .ProducesErrors(StatusCodes.Status401Unauthorized, "unauthenticated")
            .ProducesErrors(StatusCodes.Status403Forbidden, "link-expired")
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "tickets-not-issued");

    internal sealed class Handler(OrderTicketsOf orders, KnownEvents events, TimeProvider clock) : IRequestHandler<Query, Result<string>>
    {
        public async Task<Result<string>> Handle(Query request, CancellationToken cancellationToken)
        {
            var found = await orders.FindAsync(request.OrderId, request.Viewer, cancellationToken);
            return found.Error is { } error ? error
                : found.Value.Count > 0 && await events.FindAsync(found.Value[0].EventId, cancellationToken) is { } show
                    ? ShowCalendar.Draw(show, clock.GetUtcNow())
                : AdmissionsErrors.NotIssued;
        }
    }
}
