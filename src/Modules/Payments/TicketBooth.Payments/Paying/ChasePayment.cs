using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>Queries the gateway about a payment without an answer, and gives up a payment whose hold has expired.</summary>
internal static class ChasePayment
{
    /// <param name="Standing">The gateway's answer.</param>
    internal sealed record Response(PaymentStanding Standing);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/orders/{id:guid}/payments/{paymentId:guid}/chase",
                async (Guid id, Guid paymentId, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Contracts.ChasePayment(id, paymentId, user.ToActor()), ct)).ToHttp(standing =>
                        TypedResults.Ok(new Response(standing))
                    )
            )
            .RequireStaff()
            .WithName("ChasePayment")
            .WithTags("Payments")
            .WithSummary("Ask the gateway about a payment that it has not answered")
            .WithDescription(
                """
                The gateway's answer is recorded as if its webhook had come: `standing` is `confirmed`, `declined`, `pending`, or `unknown`
                for a payment that never reached it. A payment that is still open although the hold of its tickets has expired is given up:
                it is declined for `no-answer`; money that comes after all is still recorded. Repeating the call changes nothing.
                404 `payment-not-found`; 503 `gateway-unavailable`.
                """
            )
            .WithExamples(response: """{ "standing": "declined" }""")
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "payment-not-found")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "gateway-unavailable");

    internal sealed class Validator : AbstractValidator<Contracts.ChasePayment>
    {
        public Validator() => RuleFor(request => request.By).SetValidator(new ActorRules());
    }

    internal sealed class Handler(IPaymentStore store, PaymentLedger ledger, IMediator mediator, TimeProvider clock)
        : IRequestHandler<Contracts.ChasePayment, Result<PaymentStanding>>
    {
        public async Task<Result<PaymentStanding>> Handle(Contracts.ChasePayment request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.PaymentId) is not { } payment || payment.OrderId != request.OrderId)
            {
                return PaymentsErrors.NotFound;
            }

            var standing = await mediator.Send(new Contracts.SettlePayment(payment.Id), cancellationToken);
            var isGivenUp = standing is { IsSuccess: true, Value: PaymentStanding.Pending } && payment.HoldExpiresAt <= clock.GetUtcNow();
            return isGivenUp
                ? SettlePayment.StandingAfter(await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(PaymentsErrors.NoAnswer)))
                : standing;
        }
    }
}
