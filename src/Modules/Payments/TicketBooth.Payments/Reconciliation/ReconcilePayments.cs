using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>Starts a reconciliation with the gateways.</summary>
internal static class ReconcilePayments
{
    private const int LongestDays = 92;

    /// <param name="From">Movements from then on.</param>
    /// <param name="To">Movements before then; at most 92 days later.</param>
    internal sealed record Request(DateTimeOffset From, DateTimeOffset To);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(ReconciliationEndpoints.Path, async (Request body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Contracts.ReconcilePayments(body.From, body.To, user.ToActor()), ct)).ToHttp(Answer)
            )
            .RequireAdmin()
            .WithName("ReconcilePayments")
            .WithTags("Payments")
            .WithSummary("Compare a time with the gateways")
            .WithDescription(
                """
                Compares what each gateway says it took and gave back (`from` <= time < `to`, at most 92 days) with what is on record here.
                Money that is not on record is recorded as if its webhook had come. 200 with the outcome; 202 when that takes more than ten
                seconds: it is then at `Location` when it has ended. 409 `reconciliation-under-way`: one runs at a time; 422
                `validation-failed`.
                """
            )
            .WithExamples(
                request: """{ "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z" }""",
                response: ReconciliationEndpoints.Started
            )
            .Produces<StartedReconciliation>()
            .Produces<StartedReconciliation>(StatusCodes.Status202Accepted)
            .ReturnsHeader(StatusCodes.Status202Accepted, "Location", "Where the outcome will be.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status409Conflict, "reconciliation-under-way")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    private static IResult Answer(StartedReconciliation started) =>
        started.Outcome is null ? TypedResults.Accepted($"{ReconciliationEndpoints.Path}/{started.Id}", started) : TypedResults.Ok(started);

    internal sealed class Validator : AbstractValidator<Contracts.ReconcilePayments>
    {
        public Validator()
        {
            RuleFor(request => request.From).MustBeAPeriodUntil(request => request.To);
            RuleFor(request => request.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class CompareValidator : AbstractValidator<ComparePayments>
    {
        public CompareValidator() => RuleFor(request => request.From).MustBeAPeriodUntil(request => request.To);
    }

    private static void MustBeAPeriodUntil<T>(this IRuleBuilder<T, DateTimeOffset> from, Func<T, DateTimeOffset> to) =>
        from.Must((request, start) => start < to(request) && to(request) - start <= TimeSpan.FromDays(LongestDays))
            .WithMessage("'From' must be before the end, and at most 92 days before it.")
            .Must(start => start.Year is >= 2000 and < 9000)
            .WithMessage("'From' must be a year that a payment can be of.");

    internal sealed class Handler(ReconciliationRuns runs) : IRequestHandler<Contracts.ReconcilePayments, Result<StartedReconciliation>>
    {
        public Task<Result<StartedReconciliation>> Handle(Contracts.ReconcilePayments request, CancellationToken cancellationToken) =>
            runs.StartAsync(new(request.From, request.To, request.By.Name), cancellationToken);
    }

    /// <remarks>The options are read so that a gateway which the settings misspell is refused, and not left out.</remarks>
    internal sealed class CompareHandler(
        Reconciler reconciler,
        Microsoft.Extensions.Options.IOptions<PaymentsOptions> options,
        TimeProvider clock
    ) : IRequestHandler<ComparePayments, Result<ReconciliationReport>>
    {
        public async Task<Result<ReconciliationReport>> Handle(ComparePayments request, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(options.Value);
            var startedAt = clock.GetUtcNow();
            var found = await reconciler.CompareAsync(request.From, request.To, records: false, cancellationToken);
            return found.Report(Guid.CreateVersion7(startedAt), new(request.From, request.To), startedAt, clock.GetUtcNow());
        }
    }
}
