using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>The money of an order's payments, as Payments has it on record.</summary>
internal static class OrderMoney
{
    /// <summary>Empty on a host without Payments.</summary>
    public static async Task<IReadOnlyList<PaymentMoney>> MoneyOfAsync(
        this IMediator mediator,
        IServiceProvider services,
        GetOrderStory.OrderStory order,
        CancellationToken cancellationToken
    ) =>
        services.GetService<IRequestHandler<GetPaymentMoney, Result<IReadOnlyList<PaymentMoney>>>>() is null || order.Payments.Count == 0
            ? []
            : (await mediator.Send(new GetPaymentMoney([.. order.Payments.Select(payment => payment.Id)]), cancellationToken)).Value;
}
