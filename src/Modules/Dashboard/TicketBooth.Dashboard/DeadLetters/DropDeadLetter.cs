using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.DeadLetters;

/// <summary>Removes a dead letter without consuming it.</summary>
internal static partial class DropDeadLetter
{
    [LimitsOf(typeof(Command))]
    internal sealed record Body(string Reason);

    /// <param name="Reason">Why nothing is lost. The audit log keeps it together with the letter.</param>
    internal sealed record Command(long Number, string Reason, Actor? By) : IRequest<Result<DeadLetter>>, IStaffAction
    {
        string IStaffAction.Kind => "drop-dead-letter";

        ActionSubject IStaffAction.Subject => new(ActionSubjectKind.DeadLetter);
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/dashboard/dead-letters/{number:long}/drop",
                async (long number, Body body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(number, body.Reason, user.ToActor()), ct)).ToHttp(_ => TypedResults.NoContent())
            )
            .RequireAdmin()
            .WithName("DropDeadLetter")
            .WithTags("Dashboard")
            .WithSummary("Drop a dead letter")
            .WithDescription(
                "Its module never consumes it. `reason` (1 to 500 characters) is kept in the audit log together with the letter."
            )
            .WithExamples(request: """{ "reason": "The event was a test and is gone." }""")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "dead-letter-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).MustBeOneLine();
    }

    internal sealed partial class Handler(IDeadLetters deadLetters, ILogger<Handler> logger) : IRequestHandler<Command, Result<DeadLetter>>
    {
        public async Task<Result<DeadLetter>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await deadLetters.FindAsync(request.Number) is not { } letter)
            {
                return DashboardErrors.DeadLetterNotFound;
            }

            await deadLetters.RemoveAsync(letter.Number);
            LogDropped(logger, letter.Entry.MessageType, letter.Entry.MessageId, letter.Module);
            return letter;
        }

        [LoggerMessage(
            EventId = 6200,
            Level = LogLevel.Warning,
            Message = "Staff dropped {MessageType} {MessageId}, which {Module} failed on"
        )]
        private static partial void LogDropped(ILogger logger, string messageType, Guid messageId, string module);
    }
}
