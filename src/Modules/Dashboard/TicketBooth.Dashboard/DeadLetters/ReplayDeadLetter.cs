using System.Security.Claims;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.DeadLetters;

/// <summary>Lets a module consume a dead letter again.</summary>
internal static partial class ReplayDeadLetter
{
    internal sealed record Command(long Number, Actor? By) : IRequest<Result<Done>>, IStaffAction
    {
        string IStaffAction.Kind => "replay-dead-letter";

        ActionSubject IStaffAction.Subject => new(ActionSubjectKind.DeadLetter);
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/dashboard/dead-letters/{number:long}/replay",
                async (long number, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(number, user.ToActor()), ct)).ToHttp(_ => TypedResults.NoContent())
            )
            .RequireAdmin()
            .WithName("ReplayDeadLetter")
            .WithTags("Dashboard")
            .WithSummary("Replay a dead letter")
            .WithDescription(
                "Lets the module consume the message again. On success the letter is removed. 409 `dead-letter-failed-again`: it stays."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "dead-letter-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "dead-letter-failed-again");

    internal sealed partial class Handler(IDeadLetters deadLetters, ModuleDeliveries modules, ILogger<Handler> logger)
        : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await deadLetters.FindAsync(request.Number) is not { } letter)
            {
                return DashboardErrors.DeadLetterNotFound;
            }

            // Whatever the consumer throws is the answer to who sent the replay, and stands in the log.
            var replayed = ReplayAsync(letter, cancellationToken);
            await replayed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!replayed.IsCompletedSuccessfully)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var failure = replayed.Exception?.InnerException ?? new TaskCanceledException(replayed);
                LogFailedAgain(logger, failure, letter.Entry.MessageType, letter.Entry.MessageId, letter.Module);
                return DashboardErrors.DeadLetterFailedAgain;
            }

            await deadLetters.RemoveAsync(letter.Number);
            return default(Done);
        }

        private async Task ReplayAsync(DeadLetter letter, CancellationToken cancellationToken) =>
            await modules.ReplayAsync(letter, cancellationToken);

        [LoggerMessage(EventId = 6201, Level = LogLevel.Warning, Message = "{Module} failed again on {MessageType} {MessageId}")]
        private static partial void LogFailedAgain(ILogger logger, Exception failure, string messageType, Guid messageId, string module);
    }
}
