using MediatR;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Lanes;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Booking.Contracts.BeginPayment;

namespace TicketBooth.Booking.Payments;

/// <summary>Marks a payment as under way and extends the hold for the gateway's time; Payments asks for it.</summary>
internal static class BeginPayment
{
    internal sealed class Handler(LaneRegistry lanes, IOptions<BookingOptions> options) : IRequestHandler<Command, Result<PaymentTerms>>
    {
        public async Task<Result<PaymentTerms>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await lanes.FindAsync(request.OrderId) is not { } shard)
            {
                return OrderErrors.NotFound;
            }

            var begun = await shard.Lane.TryAsync(
                new ChangeItem(request.OrderId, inbox: null, (order, now) =>
                    OrderRules.BeginPayment(order, request.BuyerId, request.PaymentId, now, options.Value.Hold, options.Value.PaymentTime)
                )
            );
            return begun.Map(order => new PaymentTerms(order.Id, order.Total, order.Currency, order.ExpiresAt));
        }
    }
}
