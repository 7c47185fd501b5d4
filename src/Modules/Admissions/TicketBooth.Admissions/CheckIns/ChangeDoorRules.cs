using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Admissions.Contracts.ChangeDoorRules;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Shows and changes when an event's door opens, and how often a ticket opens it.</summary>
internal static class ChangeDoorRules
{
    private const int MostMinutes = 30 * 24 * 60;
    private const int MostTransfers = 10;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/v1/events/{id:guid}/door-rules", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new GetDoorRules(id), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireDoor()
            .WithName("GetDoorRules")
            .WithTags("Door")
            .WithSummary("Show the rules of a door")
            .WithDescription("When the door opens and closes, whether a ticket may come in again, and how often it may be transferred.")
            .WithExamples(response: CheckInExamples.Times)
            .Produces<DoorTimes>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");
        routes
            .MapPut(
                "/api/v1/events/{id:guid}/door-rules",
                async (Guid id, DoorRules body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, body, user.ToActor()), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("ChangeDoorRules")
            .WithTags("Door")
            .WithSummary("Change the rules of a door")
            .WithDescription(
                """
                Replaces all four rules; one that is left out gets its default. They count within a second at every host, and move with the
                event when its start is moved. Scanners that are offline keep the former rules until they load the door again.
                """
            )
            .WithExamples(request: CheckInExamples.Rules, response: CheckInExamples.Times)
            .Produces<DoorTimes>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");
    }

    internal sealed class RulesValidator : AbstractValidator<DoorRules>
    {
        public RulesValidator()
        {
            RuleFor(rules => rules.OpensMinutesBefore).InclusiveBetween(0, MostMinutes);
            RuleFor(rules => rules.ClosesMinutesAfter).InclusiveBetween(0, MostMinutes);
            RuleFor(rules => rules.Transfers).InclusiveBetween(0, MostTransfers);
        }
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Rules).SetValidator(new RulesValidator());
            RuleFor(command => command.By!).SetValidator(new ActorRules()).When(command => command.By is not null);
        }
    }

    internal sealed class Handler(IDoorStore door, KnownEvents events)
        : IRequestHandler<Command, Result<DoorTimes>>,
            IRequestHandler<GetDoorRules, Result<DoorTimes>>
    {
        public async Task<Result<DoorTimes>> Handle(GetDoorRules request, CancellationToken cancellationToken) =>
            await events.ReadAsync(request.EventId, cancellationToken) is { } show ? show.ToTimes() : AdmissionsErrors.EventNotFound;

        public async Task<Result<DoorTimes>> Handle(Command request, CancellationToken cancellationToken)
        {
            // Reading it also learns of an event whose message has not come yet.
            if (
                await events.ReadAsync(request.EventId, cancellationToken) is null
                || !await door.SaveRulesAsync(request.EventId, request.Rules)
            )
            {
                return AdmissionsErrors.EventNotFound;
            }

            events.Forget(request.EventId);
            return (await events.ReadAsync(request.EventId, cancellationToken))!.ToTimes();
        }
    }
}
