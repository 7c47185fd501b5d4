using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Writes who is to be let in with a ticket.</summary>
internal static class NameHolder
{
    /// <param name="Name">Who is to be let in; null for whoever shows the ticket.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(string? Name);

    internal sealed record Command(Guid OrderId, Guid TicketId, Viewer Viewer, string? Name) : IRequest<Result<TicketView>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut(
                "/api/v1/orders/{id:guid}/tickets/{ticketId:guid}/holder",
                async (Guid id, Guid ticketId, Body body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, ticketId, Viewer.Of(user), body.Name), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAuthorization()
            .WithName("NameHolder")
            .WithTags("Tickets")
            .WithSummary("Write who is to be let in with a ticket")
            .WithDescription(
                """
                The name is printed on the ticket and shown at the door. Its owner and staff may change it until the ticket has opened the
                door (409 `ticket-checked-in`). The code stays the same. 409 `ticket-void`: it was refunded, sold again or transferred.
                """
            )
            .WithExamples(request: """{ "name": "Ana Souza" }""", response: TicketExamples.Valid)
            .Produces<TicketView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found", "ticket-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "ticket-checked-in", "ticket-in-transfer", "ticket-void")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.Name).MaximumLength(100).MustBeName();
    }

    internal sealed class Handler(OrderTicketsOf orders, TicketViews views) : IRequestHandler<Command, Result<TicketView>>
    {
        public async Task<Result<TicketView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var name = string.IsNullOrWhiteSpace(request.Name) ? null : request.Name.Trim();
            var changed = await orders.ChangeAsync(
                request.OrderId,
                request.TicketId,
                request.Viewer,
                (ticket, _) => ticket with { HolderName = name },
                cancellationToken
            );
            return changed.Error is { } error ? error : (await views.OfAsync([changed.Value], request.Viewer, cancellationToken))[0];
        }
    }
}
