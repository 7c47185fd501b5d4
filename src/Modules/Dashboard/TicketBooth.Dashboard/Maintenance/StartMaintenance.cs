using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Starts a rebuild of the read model, or its comparison with the ledger.</summary>
internal static class StartMaintenance
{
    internal sealed record Command(RunKind Run, Actor? By) : IRequest<Result<Started>>, IStaffAction
    {
        string IStaffAction.Kind => Run == RunKind.Rebuild ? "rebuild-read-model" : "reconcile-read-model";

        ActionSubject IStaffAction.Subject => new(ActionSubjectKind.ReadModel);
    }

    /// <param name="Id">Of the run; the list of runs has it.</param>
    internal sealed record Started(Guid Id);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, RunKind.Rebuild, "Rebuild the read model", "Replaces everything that the dashboard shows by what the ledger says.");
        Map(
            routes,
            RunKind.Reconciliation,
            "Compare the read model with the ledger",
            "Compares every event, order and payment both ways, and every sum with its orders. Changes nothing."
        );
    }

    private static void Map(IEndpointRouteBuilder routes, RunKind run, string summary, string description) =>
        routes
            .MapPost(
                "/api/v1/dashboard/runs/" + StatusNames.Of(run),
                async (ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(run, user.ToActor()), ct)).ToHttp(started =>
                        TypedResults.Accepted("/api/v1/dashboard/runs", started)
                    )
            )
            .RequireAdmin()
            .WithName("Start" + run)
            .WithTags("Dashboard")
            .WithSummary(summary)
            .WithDescription(
                description
                    + " It runs in the background while selling goes on; the list of runs shows its progress."
                    + " 409 `upkeep-under-way`: one run at a time."
            )
            .WithExamples(response: """{ "id": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70819" }""")
            .Produces<Started>(StatusCodes.Status202Accepted)
            .ReturnsHeader(StatusCodes.Status202Accepted, "Location", "The list of runs.")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status409Conflict, "upkeep-under-way");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.Run).IsInEnum().NotEqual(RunKind.SelfAudit);
    }

    internal sealed class Handler(MaintenanceRuns runs) : IRequestHandler<Command, Result<Started>>
    {
        public async Task<Result<Started>> Handle(Command request, CancellationToken cancellationToken) =>
            (await runs.StartAsync(request.Run, cancellationToken)).Map(id => new Started(id));
    }
}
