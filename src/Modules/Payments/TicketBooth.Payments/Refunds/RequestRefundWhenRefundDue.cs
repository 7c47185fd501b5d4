using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Refunds;

/// <summary>Records that a payment must go back; the refund itself follows, at once or when the money has been captured.</summary>
internal sealed class RequestRefundWhenRefundDue(PaymentLedger ledger, TimeProvider clock) : IConsumer<RefundDue>
{
    public async Task Consume(ConsumeContext<RefundDue> context)
    {
        var due = context.Message;
        var outcome = await ledger.RecordAsync(
            due.PaymentId,
            new PaymentFact.RefundDue(due.Reason),
            new Delivery.Message(InboxKey.Of(this, context), clock.GetUtcNow())
        );
        if (outcome.Error is { } error)
        {
            // Booking knows of money that we do not: a person must see that, so the message goes to the failed messages.
            throw new InvalidOperationException($"A refund is due for payment {due.PaymentId} of order {due.OrderId}: {error.Code}.");
        }
    }
}
