using System.Security.Claims;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Shows the tickets of an order, with their codes.</summary>
internal static class ListOrderTickets
{
    internal sealed record Query(Guid OrderId, Viewer Viewer) : IRequest<Result<TicketList>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/orders/{id:guid}/tickets",
                async (Guid id, string? link, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Query(id, Viewer.Of(user, link)), ct)).ToHttp(TypedResults.Ok)
            )
            .AllowAnonymous()
            .WithName("ListOrderTickets")
            .WithTags("Tickets")
            .WithSummary("Show the tickets of an order")
            .WithDescription(
                """
                The tickets of a paid order with their codes, for its buyer, whoever a ticket was transferred to, staff, and whoever has a
                signed `link`. None while the order is not paid. `code` is what the QR code holds; a ticket that was refunded, sold again or
                transferred is `void` and has none. Ask for it as text, as a QR code of your own, or as `GetTicketsPdf`.
                """
            )
            .WithExamples(response: TicketExamples.List)
            .Produces<TicketList>()
            .ProducesErrors(StatusCodes.Status401Unauthorized, "unauthenticated")
            .ProducesErrors(StatusCodes.Status403Forbidden, "link-expired")
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found");

    internal sealed class Handler(OrderTicketsOf orders, TicketViews views) : IRequestHandler<Query, Result<TicketList>>
    {
        public async Task<Result<TicketList>> Handle(Query request, CancellationToken cancellationToken)
        {
            var found = await orders.FindAsync(request.OrderId, request.Viewer, cancellationToken);
            return found.Error is { } error ? error : new TicketList(await views.OfAsync(found.Value, request.Viewer, cancellationToken));
        }
    }
}
