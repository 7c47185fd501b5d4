using MediatR;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using Command = TicketBooth.Booking.Contracts.BeginPayment;

namespace TicketBooth.Booking.Payments;

/// <summary>Marks a payment as under way and extends the hold by the time that the gateway needs; sent by Payments.</summary>
internal static class BeginPayment
{
    internal sealed class Handler(ShardRegistry shards, IOptions<BookingOptions> options) : IRequestHandler<Command, Result<PaymentTerms>>
    {
        public async Task<Result<PaymentTerms>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await shards.FindAsync(request.OrderId) is not { } shard)
            {
                return BookingErrors.NotFound;
            }

            var begun = await shard.Lane.TryAsync(
                new ChangeItem(request.OrderId, inbox: null, (order, now) =>
                    PaymentRules.Begin(
                        order,
                        request.BuyerId,
                        request.PaymentId,
                        now,
                        options.Value.Hold,
                        options.Value.PaymentTime,
                        request.InsteadOf
                    )
                )
            );
            return begun.Map(order => new PaymentTerms(order.Id, order.Total, order.Currency, order.ExpiresAt));
        }
    }
}
