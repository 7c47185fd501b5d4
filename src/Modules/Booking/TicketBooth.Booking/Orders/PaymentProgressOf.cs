using System.Globalization;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Orders;

/// <summary>Adds to an order that is being paid what Payments knows of it, so that its buyer can go on after a reload.</summary>
internal sealed partial class PaymentProgressOf(
    IMediator mediator,
    IServiceProviderIsService services,
    IOutageDetector outages,
    ILogger<PaymentProgressOf> logger
)
{
    /// <remarks>An order is shown without it where Payments is not loaded, or cannot be used now.</remarks>
    /// <param name="toBuyer">Whether the one who looks is the order's buyer.</param>
    /// <param name="toStaff">Whether they are staff, who also see disputes.</param>
    public async Task<OrderView> AddAsync(
        Order order,
        bool toBuyer,
        bool toStaff,
        CultureInfo? language,
        CancellationToken cancellationToken
    )
    {
        var view = order.ToView(toStaff);
        if (
            order is not { Status: OrderStatus.OnPayment, PaymentId: { } paymentId }
            || !services.IsService(typeof(IRequestHandler<GetPaymentProgress, Result<PaymentProgress>>))
        )
        {
            return view;
        }

        Result<PaymentProgress> found;
        try
        {
            found = await mediator.Send(new GetPaymentProgress(order.Id, paymentId, order.BuyerId, language), cancellationToken);
        }
        catch (Exception outage) when (outages.IsOutage(outage))
        {
            LogNotAdded(logger, outage, order.Id, outage.GetBaseException().Message);
            return view;
        }

        return found.IsSuccess ? view with { Payment = With(view.Payment!, found.Value, toBuyer) } : view;
    }

    private static OrderPaymentView With(OrderPaymentView payment, PaymentProgress progress, bool toBuyer) =>
        payment with
        {
            Method = progress.Method == PaymentMethod.Pix ? "pix" : "card",
            Pix = progress.Pix is { } pix ? new OrderPixView(pix.Code, pix.QrUrl, progress.ExpiresAt) : null,
            NextAction =
                toBuyer && progress.NextAction is { } next ? new OrderNextActionView(next.Type, next.Url, next.ClientSecret) : null,
            LastDecline = progress.LastDecline is { } last ? new OrderDeclineView(last.Code, last.Words, last.At) : null,
            AttemptsLeft = progress.AttemptsLeft,
        };

    [LoggerMessage(
        EventId = 4004,
        Level = LogLevel.Warning,
        Message = "Order {OrderId} is shown without its payment: Payments cannot be used now: {Reason}"
    )]
    private static partial void LogNotAdded(ILogger logger, Exception failure, Guid orderId, string reason);
}
