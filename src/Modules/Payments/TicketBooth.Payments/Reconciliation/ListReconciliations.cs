using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>The outcomes that are kept.</summary>
internal static class ListReconciliations
{
    internal sealed record Response(IReadOnlyList<ReconciliationSummary> Items);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(ReconciliationEndpoints.Path, async (IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Contracts.ListReconciliations(), ct)).ToHttp(items => TypedResults.Ok(new Response(items)))
            )
            .RequireStaff()
            .WithName("ListReconciliations")
            .WithTags("Payments")
            .WithSummary("List comparisons with the gateways")
            .WithDescription(
                """
                The last 100, the newest first; `by` is null for the daily ones. `sums` has a line for each way and currency, amounts in the
                currency's smallest unit. A gateway with a `failure` could not be asked, or not to the end. `underWay` counts movements of
                the last five minutes that are not on record yet.
                """
            )
            .WithExamples(response: """{ "items": [""" + ReconciliationEndpoints.Summary + "] }")
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    internal sealed class Validator : AbstractValidator<Contracts.ListReconciliations>;

    internal sealed class Handler(IReconciliationStore store)
        : IRequestHandler<Contracts.ListReconciliations, Result<IReadOnlyList<ReconciliationSummary>>>
    {
        public async Task<Result<IReadOnlyList<ReconciliationSummary>>> Handle(
            Contracts.ListReconciliations request,
            CancellationToken cancellationToken
        ) => Result<IReadOnlyList<ReconciliationSummary>>.From(await store.ListAsync(IReconciliationStore.Kept));
    }
}
