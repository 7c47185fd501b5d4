using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Refunds;

/// <summary>Remembers that a payment must go back; the refund itself follows, now or once the money is captured.</summary>
internal sealed class RefundDueConsumer(PaymentLedger ledger, TimeProvider clock) : IConsumer<RefundDue>
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
            // Money that somebody else knows of and we do not: a person must see it, so it goes to the dead letters.
            throw new InvalidOperationException($"A refund is due for payment {due.PaymentId} of order {due.OrderId}: {error.Code}.");
        }
    }
}
