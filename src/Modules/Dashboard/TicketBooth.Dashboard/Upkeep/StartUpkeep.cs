using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Acts;
using TicketBooth.BuildingBlocks.Results;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Upkeep;

/// <summary>Starts a rebuild of the read model, or its comparison with the ledger.</summary>
internal static class StartUpkeep
{
    internal sealed record Command(RunKind Run, Actor? By) : IRequest<Result<Started>>, IStaffAct
    {
        string IStaffAct.Kind => Run == RunKind.Rebuild ? "rebuild-read-model" : "reconcile-read-model";

        ActSubject IStaffAct.Subject => new(ActSubjectKind.ReadModel);
    }

    /// <param name="Id">Of the run; see the list of runs.</param>
    internal sealed record Started(Guid Id);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/v1/dashboard/runs/{kind}", async (RunKind kind, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(kind, user.ToActor()), ct)).ToHttp(started => TypedResults.Accepted("/api/v1/dashboard/runs", started)))
        .RequireAdmin()
        .WithName("StartUpkeep")
        .WithTags("Dashboard")
        .WithSummary("Rebuild the read model, or compare it with the ledger")
        .WithDescription("`kind` is `rebuild` or `reconciliation`. It runs in the background while selling goes on; the list of runs shows its progress. 409 `upkeep-under-way`: one at a time.")
        .WithExamples(response: """{ "id": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70819" }""")
        .Produces<Started>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(command => command.Run).IsInEnum();
    }

    internal sealed class Handler(UpkeepRuns runs) : IRequestHandler<Command, Result<Started>>
    {
        public async Task<Result<Started>> Handle(Command request, CancellationToken cancellationToken) =>
            (await runs.StartAsync(request.Run, cancellationToken)).Map(id => new Started(id));
    }
}
