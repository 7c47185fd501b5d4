using System.Security.Claims;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.DeadLetters;

/// <summary>Gives a dead letter to its module once more.</summary>
internal static partial class ReplayDeadLetter
{
    internal static readonly Error NotFound = Error.NotFound("dead-letter-not-found", "There is no such dead letter (any more).");
    private static readonly Error FailedAgain = Error.Conflict(
        "dead-letter-failed-again",
        "The module failed on it once more; the letter stays. The failure is logged."
    );

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
                "Lets the module consume the message once more. On success the letter is gone. 409 `dead-letter-failed-again`: it stays."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    internal sealed partial class Handler(IDeadLetters deadLetters, ModuleDeliveries modules, ILogger<Handler> logger)
        : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await deadLetters.FindAsync(request.Number) is not { } letter)
            {
                return NotFound;
            }

            try
            {
                await modules.ReplayAsync(letter, cancellationToken);
            }
#pragma warning disable CA1031 // whatever the consumer threw is the answer to the person who asked, and stands in the log
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailedAgain(logger, failure, letter.Entry.MessageType, letter.Entry.MessageId, letter.Module);
                return FailedAgain;
            }

            await deadLetters.RemoveAsync(letter.Number);
            return default(Done);
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "{MessageType} {MessageId} failed again in {Module}")]
        private static partial void LogFailedAgain(ILogger logger, Exception failure, string messageType, Guid messageId, string module);
    }
}
