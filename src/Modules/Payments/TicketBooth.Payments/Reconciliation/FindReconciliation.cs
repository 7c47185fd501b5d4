using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>One outcome, as JSON or as CSV.</summary>
internal static class FindReconciliation
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(ReconciliationEndpoints.Path + "/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Contracts.FindReconciliation(id), ct)).ToHttp(report => TypedResults.Ok(report))
            )
            .RequireStaff()
            .WithName("GetReconciliation")
            .WithTags("Payments")
            .WithSummary("Show a comparison with the gateways")
            .WithDescription(
                """
                `lines` has the first 1,000 differences: `theirs_only`, `ours_only` or `other_amount`. `note` says what else is known:
                `recorded` (it is on record now), `not_recorded` (the gateway did not say yet what it belongs to), `refused_here` (a refund
                that is on record as refused), `paid_back_by_hand` (staff paid it back too), or `none`. 404 `reconciliation-not-found`.
                """
            )
            .WithExamples(response: ReconciliationEndpoints.Report)
            .Produces<ReconciliationReport>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "reconciliation-not-found");
        routes
            .MapGet(ReconciliationEndpoints.Path + "/{id:guid}.csv", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Contracts.FindReconciliation(id), ct)).ToHttp(report =>
                    TypedResults.Text(DifferencesCsv.Of(report), "text/csv; charset=utf-8")
                )
            )
            .RequireStaff()
            .WithName("DownloadReconciliation")
            .WithTags("Payments")
            .WithSummary("Download the differences of a comparison as CSV")
            .WithDescription(
                """
                RFC 4180, a line for each difference, amounts in the currency's smallest unit, times UTC. The back office has the same for
                spreadsheets. 404 `reconciliation-not-found`.
                """
            )
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "reconciliation-not-found");
    }

    internal sealed class Validator : AbstractValidator<Contracts.FindReconciliation>
    {
        public Validator() => RuleFor(request => request.Id).NotEmpty();
    }

    internal sealed class Handler(IReconciliationStore store) : IRequestHandler<Contracts.FindReconciliation, Result<ReconciliationReport>>
    {
        public async Task<Result<ReconciliationReport>> Handle(Contracts.FindReconciliation request, CancellationToken cancellationToken) =>
            await store.FindAsync(request.Id) is { } found ? found : PaymentsErrors.ReconciliationNotFound;
    }
}
