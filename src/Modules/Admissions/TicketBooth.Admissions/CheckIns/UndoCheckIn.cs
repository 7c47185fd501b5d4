using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Takes a passage back that was a mistake.</summary>
internal static class UndoCheckIn
{
    internal sealed record Command(Guid ScanId, Actor By) : IRequest<Result<CheckInAnswer>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/checkins/{scanId:guid}/undo",
                async (Guid scanId, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(scanId, user.ToActor()), ct)).ToHttp(answer =>
                        Answers.Ok(answer, CheckInJson.Default.CheckInAnswer)
                    )
            )
            .RequireDoor()
            .WithoutIdempotencyKey()
            .WithName("UndoCheckIn")
            .WithTags("Door")
            .WithSummary("Take back a check-in")
            .WithDescription(
                """
                For a mistake at the door: the passage does not count any more, and the ticket is as it was before. Answers with the scan
                as it was. Repeating it changes nothing. 409 `checkin-not-undoable`: the scan let nobody in or out, or the ticket has passed
                again since.
                """
            )
            .WithExamples(response: CheckInExamples.Admitted)
            .Produces<CheckInAnswer>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "checkin-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "checkin-not-undoable");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.By).SetValidator(new ActorRules());
    }

    internal sealed class Handler(IDoorStore door, CheckInAnswers answers, TimeProvider clock)
        : IRequestHandler<Command, Result<CheckInAnswer>>
    {
        public async Task<Result<CheckInAnswer>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await door.FindScanAsync(request.ScanId) is not { } scan)
            {
                return AdmissionsErrors.CheckInNotFound;
            }

            return scan.UndoneAt is not null || (scan.Turn is not null && await door.UndoAsync(scan, request.By, clock.GetUtcNow()))
                ? await answers.OfAsync(scan, cancellationToken)
                : AdmissionsErrors.NotUndoable;
        }
    }
}
