using Microsoft.Extensions.Options;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>The money is back with the buyer; see <see cref="PaymentRules.RecordRefund"/>.</summary>
internal sealed class RecordRefundWhenPaymentRefunded(IBatchWriter<PaymentEffect> writer, IOptions<BookingOptions> options)
    : BatchConsumer<PaymentRefunded, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(PaymentRefunded message, InboxKey key) =>
        new(message.OrderId, key, (order, now) =>
            PaymentRules.RecordRefund(order, message.PaymentId, options.Value.ConsoleRefundsReleaseTickets, now)
        );
}
