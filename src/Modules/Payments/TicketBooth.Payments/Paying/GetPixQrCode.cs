using System.Security.Claims;
using MediatR;
using QRCoder;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>Draws the code of an order's payment by Pix, for a buyer whose bank's app is on another device.</summary>
internal static class GetPixQrCode
{
    internal sealed record Query(Guid OrderId, Guid BuyerId) : IRequest<Result<string>>;

    public static string AddressOf(Guid orderId) => $"/api/v1/orders/{orderId}/payment/qr.svg";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/orders/{id:guid}/payment/qr.svg",
                async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Query(id, user.Id()), cancellationToken)).ToHttp(svg =>
                        TypedResults.Text(svg, "image/svg+xml")
                    )
            )
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.Purchase)
            .WithName("GetPixQrCode")
            .WithTags("Payments")
            .WithSummary("Show the QR code of a payment by Pix")
            .WithDescription(
                """
                The code that `PayOrder` answered, as a picture: dark on light with a quiet border, sized by whoever shows it. Only while an
                order of your own waits for its payment by Pix; otherwise 404 `pix-code-not-found`. Send the token as with any request: an
                `img` element cannot, so fetch the picture and show what came.
                """
            )
            .WithExamples(
                response: "\"<svg version=\\\"1.1\\\" viewBox=\\\"0 0 57 57\\\" xmlns=\\\"http://www.w3.org/2000/svg\\\">…</svg>\""
            )
            .Produces<string>(StatusCodes.Status200OK, "image/svg+xml")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found", "pix-code-not-found")
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "gateway-unavailable");

    internal sealed class Handler(IMediator mediator, IPaymentStore store, PaymentGateways gateways)
        : IRequestHandler<Query, Result<string>>
    {
        public async Task<Result<string>> Handle(Query request, CancellationToken cancellationToken)
        {
            var orders = await mediator.Send(new GetOrderFacts([request.OrderId]), cancellationToken);
            if (orders.Error is { } error)
            {
                return error;
            }

            if (orders.Value.SingleOrDefault() is not { } order || order.BuyerId != request.BuyerId)
            {
                return PaymentsErrors.OrderNotFound;
            }

            if (order is not { Status: OrderStatus.OnPayment, PaymentId: { } paymentId })
            {
                return PaymentsErrors.PixCodeNotFound;
            }

            if (await store.FindAsync(paymentId) is not { } payment)
            {
                return PaymentsErrors.PixCodeNotFound;
            }

            return await gateways.StandingOfSoonAsync(payment, cancellationToken) switch
            {
                ChargeStanding.Known { State: ChargeState.Pending, PixCode: { } code } => Draw(code),
                ChargeStanding.Unreachable => PaymentsErrors.GatewayUnavailable,
                _ => PaymentsErrors.PixCodeNotFound,
            };
        }

        private static string Draw(string code)
        {
            using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
            using var drawing = new SvgQRCode(data);
            return drawing.GetGraphic(1, "#000000", "#ffffff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute);
        }
    }
}
