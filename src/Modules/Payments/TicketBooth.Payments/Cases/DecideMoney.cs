using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Cases;

/// <summary>What staff decide about a case. The case's own state decides whether it still offers that.</summary>
internal static class DecideMoney
{
    private const int LongestNote = 500;
    private const int LongestReference = 200;

    /// <param name="Note">1 to 500 characters.</param>
    internal sealed record NoteRequest(string Note);

    /// <param name="Reference">Of the transfer; 1 to 200 characters.</param>
    internal sealed record PaidBackRequest(string Reference);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Describe(
            routes.MapPost(
                "/api/v1/payments/cases/{id}/accept",
                (string id, NoteRequest body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    SendAsync(mediator, new AcceptMoney(id, body.Note, user.ToActor()), ct)
            ),
            "AcceptMoney",
            "Keep unmatched money",
            "With a `note` that says what it is for.",
            """{ "note": "Deposit for the gala of 12 December" }"""
        );
        Describe(
            routes.MapPost(
                "/api/v1/payments/cases/{id}/refund",
                (string id, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    SendAsync(mediator, new RefundMoney(id, user.ToActor()), ct)
            ),
            "RefundMoney",
            "Give money of a case back",
            "Unmatched money, or a refund that the gateway refused, which is tried again. The answer comes before the gateway's.",
            example: null
        );
        Describe(
            routes.MapPost(
                "/api/v1/payments/cases/{id}/note",
                (string id, NoteRequest body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    SendAsync(mediator, new NoteMoney(id, body.Note, user.ToActor()), ct)
            ),
            "NoteMoney",
            "Take note of a case",
            "The case then waits for nobody.",
            """{ "note": "Answered to the bank with the buyer's signature" }"""
        );
        Describe(
            routes.MapPost(
                "/api/v1/payments/cases/{id}/paid-back",
                (string id, PaidBackRequest body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    SendAsync(mediator, new MarkRefundPaidBack(id, body.Reference, user.ToActor()), ct)
            ),
            "MarkRefundPaidBack",
            "Mark a refused refund as paid back by hand",
            "With the `reference` of the transfer. The money then counts as given back.",
            """{ "reference": "TED 2026-11-29 000123" }"""
        );
    }

    private static async Task<IResult> SendAsync(IMediator mediator, IMoneyDecision decision, CancellationToken cancellationToken) =>
        (await mediator.Send(decision, cancellationToken)).ToHttp(decided => TypedResults.Ok(decided));

    private static void Describe(RouteHandlerBuilder endpoint, string name, string summary, string description, string? example) =>
        endpoint
            .RequireStaff()
            .WithName(name)
            .WithTags("Payments")
            .WithSummary(summary)
            .WithDescription(
                description
                    + " The answer is the case as it is now. 404 `money-case-not-found`; 409 `money-case-choice`: the case does"
                    + " not offer this, or does not any more; 422 `validation-failed`."
            )
            .WithExamples(
                request: example,
                response: """
                { "id": "0199e2f49a107b338d0e5c6f7a8b9c0d-u0", "kind": "unmatched", "isOpen": false, "gateway": "Sandbox",
                  "externalId": "sbx_42", "paymentId": null, "orderId": null, "amount": 42000, "currency": "BRL",
                  "at": "2026-11-29T20:00:00Z", "returned": 0, "dispute": null, "reason": null,
                  "note": "Deposit for the gala of 12 December",
                  "by": "Carla", "choices": [] }
                """
            )
            .Produces<MoneyCase>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "money-case-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "money-case-choice")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class AcceptValidator : AbstractValidator<AcceptMoney>
    {
        public AcceptValidator()
        {
            RuleFor(request => request.Note).NotEmpty().MaximumLength(LongestNote).MustBeOneLine();
            RuleFor(request => request.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class RefundValidator : AbstractValidator<RefundMoney>
    {
        public RefundValidator() => RuleFor(request => request.By).SetValidator(new ActorRules());
    }

    internal sealed class NoteValidator : AbstractValidator<NoteMoney>
    {
        public NoteValidator()
        {
            RuleFor(request => request.Note).NotEmpty().MaximumLength(LongestNote).MustBeOneLine();
            RuleFor(request => request.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class PaidBackValidator : AbstractValidator<MarkRefundPaidBack>
    {
        public PaidBackValidator()
        {
            RuleFor(request => request.Reference).NotEmpty().MaximumLength(LongestReference).MustBeOneLine();
            RuleFor(request => request.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(MoneyDecisions decisions)
        : IRequestHandler<AcceptMoney, Result<MoneyCase>>,
            IRequestHandler<RefundMoney, Result<MoneyCase>>,
            IRequestHandler<NoteMoney, Result<MoneyCase>>,
            IRequestHandler<MarkRefundPaidBack, Result<MoneyCase>>
    {
        public Task<Result<MoneyCase>> Handle(AcceptMoney request, CancellationToken cancellationToken) =>
            decisions.AcceptAsync(request.CaseId, request.Note, request.By);

        public Task<Result<MoneyCase>> Handle(RefundMoney request, CancellationToken cancellationToken) =>
            decisions.RefundAsync(request.CaseId, request.By);

        public Task<Result<MoneyCase>> Handle(NoteMoney request, CancellationToken cancellationToken) =>
            decisions.NoteAsync(request.CaseId, request.Note, request.By);

        public Task<Result<MoneyCase>> Handle(MarkRefundPaidBack request, CancellationToken cancellationToken) =>
            decisions.MarkPaidBackAsync(request.CaseId, request.Reference, request.By);
    }
}
