using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Refunds;

/// <summary>Records that a part of a payment's money must go back; the refund itself follows at once.</summary>
internal sealed class RequestRefundWhenPartialRefundDue(PaymentLedger ledger, TimeProvider clock) : IConsumer<PartialRefundDue>
{
    public async Task Consume(ConsumeContext<PartialRefundDue> context)
    {
        var due = context.Message;
        var outcome = await ledger.RecordAsync(
            due.PaymentId,
            new PaymentFact.PartialRefundDue(due.RefundId, due.Amount, due.Currency, due.Reason),
            new Delivery.Message(InboxKey.Of(this, context), clock.GetUtcNow())
        );
        if (outcome.Error is { } error)
        {
            // Booking knows of money that we do not: a person must see that, so the message goes to the failed messages.
            throw new InvalidOperationException($"A part of payment {due.PaymentId} of order {due.OrderId} is due: {error.Code}.");
        }
    }
}
