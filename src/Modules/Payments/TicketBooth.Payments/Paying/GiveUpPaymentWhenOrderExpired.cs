using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;

namespace TicketBooth.Payments.Paying;

/// <summary>Records that nobody waits for the payment that an expired order had under way.</summary>
/// <remarks>May be repeated: a payment is given up once, and one that has an outcome is left as it is.</remarks>
internal sealed class GiveUpPaymentWhenOrderExpired(PaymentLedger ledger) : IConsumer<OrderExpired>
{
    public async Task Consume(ConsumeContext<OrderExpired> context)
    {
        // Booking may name a payment whose request stopped before it was stored: there is nothing to end.
        if (context.Message.PaymentId is { } paymentId)
        {
            await ledger.RecordAsync(paymentId, new PaymentFact.OrderEnded());
        }
    }
}
