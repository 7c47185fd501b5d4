using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

internal sealed class AddPaymentWhenPaymentStarted(ReadModelWriter writer) : IConsumer<PaymentStarted>
{
    public Task Consume(ConsumeContext<PaymentStarted> context)
    {
        var started = context.Message;
        return writer.ApplyAsync(
            new PaymentUpdate(
                started.PaymentId,
                started.OrderId,
                PaymentStatus.AwaitingConfirmation,
                started.At,
                started.Method,
                started.Amount,
                started.Currency,
                StartedAt: started.At
            ),
            context.CancellationToken
        );
    }
}

internal sealed class MarkPaymentCapturedWhenPaymentConfirmed(ReadModelWriter writer) : IConsumer<PaymentConfirmed>
{
    public Task Consume(ConsumeContext<PaymentConfirmed> context)
    {
        var confirmed = context.Message;
        return writer.ApplyAsync(
            new PaymentUpdate(
                confirmed.PaymentId,
                confirmed.OrderId,
                PaymentStatus.Paid,
                confirmed.At,
                Amount: confirmed.Amount,
                Currency: confirmed.Currency,
                CapturedAt: confirmed.At
            ),
            context.CancellationToken
        );
    }
}

internal sealed class MarkPaymentDeclinedWhenPaymentDeclined(ReadModelWriter writer) : IConsumer<PaymentDeclined>
{
    public Task Consume(ConsumeContext<PaymentDeclined> context)
    {
        var declined = context.Message;
        return writer.ApplyAsync(
            new PaymentUpdate(
                declined.PaymentId,
                declined.OrderId,
                PaymentStatus.Declined,
                declined.At,
                DeclineReason: declined.Reason,
                DeclinedAt: declined.At
            ),
            context.CancellationToken
        );
    }
}

internal sealed class MarkPaymentRefundedWhenPaymentRefunded(ReadModelWriter writer) : IConsumer<PaymentRefunded>
{
    public Task Consume(ConsumeContext<PaymentRefunded> context)
    {
        var refunded = context.Message;
        return writer.ApplyAsync(
            new PaymentUpdate(
                refunded.PaymentId,
                refunded.OrderId,
                PaymentStatus.Refunded,
                refunded.At,
                Amount: refunded.Amount,
                Currency: refunded.Currency
            ),
            context.CancellationToken
        );
    }
}

/// <summary>Notes why captured money must go back, before the payment itself says that it went.</summary>
internal sealed class MarkRefundOwedWhenRefundDue(ReadModelWriter writer) : IConsumer<RefundDue>
{
    public Task Consume(ConsumeContext<RefundDue> context)
    {
        var due = context.Message;
        return writer.ApplyAsync(
            new PaymentUpdate(due.PaymentId, due.OrderId, Status: null, At: null, RefundReason: due.Reason),
            context.CancellationToken
        );
    }
}
