using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Deletes a draft.</summary>
internal static partial class DeleteDraft
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapDelete(
                "/api/v1/events/{id:guid}",
                async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.DeleteDraft(id, user.ToActor()), cancellationToken)).ToHttp(_ =>
                        TypedResults.NoContent()
                    )
            )
            .RequireAdmin()
            .WithName("DeleteDraft")
            .WithSummary("Deletes a draft")
            .WithDescription(
                """
                Only an event that was never published; this cannot be undone. Fails with 404 `event-not-found` or 409 `event-published`: a
                published event can be canceled.
                """
            )
            .WithTags("Events")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "event-published");

    internal sealed class Validator : AbstractValidator<Contracts.DeleteDraft>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed partial class Handler(IEventStore store, ReadCache cache, ILogger<Handler> logger)
        : IRequestHandler<Contracts.DeleteDraft, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Contracts.DeleteDraft request, CancellationToken cancellationToken)
        {
            if (!await store.DeleteDraftAsync(request.EventId))
            {
                return await store.FindAsync(request.EventId) is null ? EventsErrors.NotFound : EventsErrors.Published;
            }

            await cache.EvictAsync(request.EventId);
            LogDeleted(logger, request.EventId);
            return default(Done);
        }

        [LoggerMessage(EventId = 3004, Level = LogLevel.Information, Message = "Draft {EventId} deleted")]
        private static partial void LogDeleted(ILogger logger, Guid eventId);
    }
}
