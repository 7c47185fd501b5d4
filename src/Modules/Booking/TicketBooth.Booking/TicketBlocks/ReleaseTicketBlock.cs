using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Booking.Contracts.ReleaseTicketBlock;

namespace TicketBooth.Booking.TicketBlocks;

/// <summary>Puts tickets on hold on sale again.</summary>
internal static partial class ReleaseTicketBlock
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapDelete(
                "/api/v1/events/{id:guid}/ticket-blocks/{blockId:guid}",
                async (Guid id, Guid blockId, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, blockId, user.ToActor()), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("ReleaseTicketBlock")
            .WithTags("Ticket blocks")
            .WithSummary("Put tickets on hold on sale again")
            .WithDescription(
                """
                The block stays in the list, with who released it. Releasing twice changes nothing. 422 `tickets-withdrawn`: a `kill` cannot
                be undone.
                """
            )
            .WithExamples(response: TicketBlockExamples.Released)
            .Produces<TicketBlockView>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "ticket-block-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "tickets-withdrawn")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.By).SetValidator(new ActorRules());
    }

    internal sealed partial class Handler(ShardRegistry shards, ILogger<Handler> logger) : IRequestHandler<Command, Result<TicketBlockView>>
    {
        public async Task<Result<TicketBlockView>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (
                await shards.FindAsync(request.BlockId) is not { } shard
                || (await shard.Store.Blocks.FindAsync(request.BlockId))?.EventId != request.EventId
            )
            {
                return BookingErrors.TicketBlockNotFound;
            }

            var released = await shard.Lane.TryAsync(new ReleaseBlockItem(request.BlockId, request.By));
            if (released.IsSuccess)
            {
                LogReleased(logger, released.Value.Count, request.EventId, request.BlockId, request.By.Id);
            }

            return released.Map(block => block.ToView());
        }

        [LoggerMessage(
            EventId = 4003,
            Level = LogLevel.Information,
            Message = "{Tickets} tickets of event {EventId} are on sale again: {UserId} released block {BlockId}"
        )]
        private static partial void LogReleased(ILogger logger, int tickets, Guid eventId, Guid blockId, Guid userId);
    }
}
