using System.Security.Claims;
using System.Text.Json;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Http;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>Pays an order: one attempt, whose outcome comes later by webhook.</summary>
internal static class PayOrder
{
    private const int LargestBody = 8 * 1024;

    /// <param name="Token">With <c>card</c>: the gateway's token.</param>
    [LimitsOf(typeof(Contracts.PayOrder))]
    internal sealed record Request(PaymentMethod Method, string? Token = null);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/orders/{id:guid}/payment", HandleAsync)
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.Purchase)
            .WithName("PayOrder")
            .WithTags("Payments")
            .WithSummary("Pay an order")
            .WithDescription(
                """
                Starts one payment attempt for an order of your own: `{"method":"card","token":"..."}` with the token that the gateway gave
                to the browser, or `{"method":"pix"}`, whose answer holds the copy-and-paste code and the address of the same as a QR code.
                The answer is 202: the outcome comes later, see the order. With a `nextAction` the buyer must first follow its `url`, or
                hand its `clientSecret` to the gateway's browser library. While the payment is under way the tickets stay held.

                Send the request again whenever you like, after a reload or when no answer came: the same method answers with the attempt
                that runs, its `paymentId`, code and `nextAction`. Another method first ends the running attempt at its gateway, and begins
                a new one; money that comes for the ended one all the same goes back. Another card's token does so too while a `nextAction`
                is waited for. After 5 declined attempts of an order, or 10 of a buyer within an hour (settings of the server), 429
                `too-many-attempts` says in Retry-After when another can make sense: for an order when its hold ends.

                Never send a card number: anything that looks like one, in any field, is refused unread (`card-number-refused`). 409:
                `payment-in-progress`, `order-already-paid`, `order-canceled`. 422: `card-declined`, with words for the
                buyer in `detail`; `order-expired`, `unknown-token`, `amount-not-payable`, `pix-needs-brl`, `method-unavailable`,
                `validation-failed`. 503 `gateway-unavailable` (or `busy`): nothing was charged, try again
                after Retry-After.
                """
            )
            .WithExamples(
                request: """{ "method": "card", "token": "tok_approve" }""",
                response: """
                { "paymentId": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "awaiting_confirmation", "pix": null, "nextAction": null }
                """
            )
            .Accepts<Request>("application/json")
            .Produces<PaymentView>(StatusCodes.Status202Accepted)
            .ReturnsHeader(StatusCodes.Status202Accepted, "Location", "The order, which tells the outcome.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "order-already-paid", "order-canceled", "payment-in-progress")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "amount-not-payable",
                "card-declined",
                "card-number-refused",
                "method-unavailable",
                "order-expired",
                "pix-needs-brl",
                "unknown-token",
                "validation-failed"
            )
            .ProducesErrors(StatusCodes.Status429TooManyRequests, "too-many-attempts")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy", "gateway-unavailable");

    private static async Task<IResult> HandleAsync(
        Guid id,
        HttpRequest http,
        ClaimsPrincipal user,
        IMediator mediator,
        IOptions<JsonOptions> json,
        CancellationToken cancellationToken
    )
    {
        if (!http.HasJsonContentType())
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        if (await RawBody.ReadAsync(http, LargestBody, cancellationToken) is not { } body)
        {
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        // Before the body is bound: what fails to bind may be quoted in a problem document or a log.
        switch (CardNumbers.LookInto(body))
        {
            case CardNumbers.Finding.CardNumber:
                return PaymentsErrors.CardNumberRefused.ToProblem();
            case CardNumbers.Finding.NotJson:
                return PaymentsErrors.MalformedJson.ToProblem();
        }

        if (JsonSerializer.Deserialize<Request>(body, json.Value.SerializerOptions) is not { } request)
        {
            return PaymentsErrors.MalformedJson.ToProblem();
        }

        var paid = await mediator.Send(
            new Contracts.PayOrder(id, user.Id(), request.Method, request.Token, http.HttpContext.OperationId()),
            cancellationToken
        );
        return paid.ToHttp(view => Answers.Accepted($"/api/v1/orders/{id}", view, PaymentJson.Default.PaymentView));
    }

    internal sealed class Validator : AbstractValidator<Contracts.PayOrder>
    {
        public Validator()
        {
            RuleFor(request => request.Method).IsInEnum();
            RuleFor(request => request.Token).NotEmpty().MaximumLength(255).When(request => request.Method == PaymentMethod.Card);
            RuleFor(request => request.Token).Null().When(request => request.Method == PaymentMethod.Pix);
        }
    }

    internal sealed class Handler(
        IMediator mediator,
        IPaymentStore store,
        PaymentAttempts attempts,
        RunningAttempts running,
        AttemptLimits limits,
        PaymentGateways gateways,
        TimeProvider clock
    ) : IRequestHandler<Contracts.PayOrder, Result<PaymentView>>
    {
        public async Task<Result<PaymentView>> Handle(Contracts.PayOrder request, CancellationToken cancellationToken)
        {
            if (CardNumbers.AreIn(request.Token))
            {
                return PaymentsErrors.CardNumberRefused;
            }

            if (gateways.For(request.Method) is null)
            {
                return PaymentsErrors.MethodUnavailable;
            }

            var paymentId = request.OperationId ?? Guid.CreateVersion7(clock.GetUtcNow());
            var refusal = await limits.RefusalOfAsync(request.OrderId, request.BuyerId);
            if (refusal is null)
            {
                var begun = await mediator.Send(new BeginPayment(request.OrderId, request.BuyerId, paymentId), cancellationToken);
                var started = begun.Error ?? await attempts.StartAsync(request, paymentId, begun.Value);
                if (started.Error is not { } error || (begun.IsSuccess && error.Code != PaymentsErrors.InProgress.Code))
                {
                    return started;
                }

                refusal = error;
            }

            // A request that comes again after its answer was lost: its own payment first, whatever has happened to the order since.
            return request.OperationId is { } own && await store.FindAsync(own) is { } stored
                    ? await attempts.RepeatAsync(request, stored, cancellationToken)
                : refusal.Code == PaymentsErrors.InProgress.Code || refusal.Kind == ErrorKind.TooManyRequests
                    ? await running.ContinueAsync(request, paymentId, refusal, cancellationToken)
                : refusal;
        }
    }
}
