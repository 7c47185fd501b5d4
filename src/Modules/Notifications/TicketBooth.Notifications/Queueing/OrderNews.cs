using TicketBooth.Booking.Contracts;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Notifications.Queueing;

/// <summary>What a message says of an order: changes what is known of it, and says which mail that makes.</summary>
internal abstract record OrderNews(Guid OrderId, DateTimeOffset At)
{
    /// <summary>Changes the row. Applied again, or after newer news, it changes nothing.</summary>
    /// <returns>The mail; null for none. One that is there already is not added again.</returns>
    public abstract MailRow? Apply(OrderRow order);

    /// <param name="kind">Of the mail.</param>
    /// <param name="cause">What it is about, once: of the order, or of the payment.</param>
    /// <param name="after">How long it waits: what is done with at once needs no mail.</param>
    /// <param name="data">As the kind has it.</param>
    protected MailRow Mail(string kind, string cause, TimeSpan after = default, object? data = null) =>
        new()
        {
            UniqueKey = $"{kind}/{cause}",
            Kind = kind,
            OrderId = OrderId,
            Data = data is null ? null : MailQueue.ToJson(data),
            CreatedAt = At,
            NextTryAt = At + after,
        };
}

/// <summary>The order itself has changed.</summary>
internal sealed record OrderChanged(IOrderMessage Message) : OrderNews(Message.OrderId, Message.At)
{
    public override MailRow? Apply(OrderRow order)
    {
        if (Message.Revision <= order.Revision)
        {
            return null;
        }

        order.Revision = Message.Revision;
        order.EventId = Message.EventId;
        order.Tickets = TicketGroups.Of(Message.Tickets);
        order.AwaitNoMail();
        switch (Message)
        {
            case OrderPlaced placed:
                (order.State, order.BuyerId, order.PlacedAt) = (OrderState.OnPayment, placed.BuyerId, placed.At);
                (order.Total, order.Currency, order.ExpiresAt) = (placed.Total, placed.Currency, placed.ExpiresAt);
                order.Language = placed.Language;
                WaitingMails.Begin(order);
                return null;
            case OrderPaid paid:
                (order.State, order.BuyerId, order.PaidAt) = (OrderState.Paid, paid.BuyerId, paid.At);
                (order.Total, order.Currency, order.IsPaying) = (paid.Total, paid.Currency, false);
                return Mail(MailKinds.OrderPaid, $"{OrderId}");
            case OrderCanceled canceled:
                (order.State, order.BuyerId, order.EndedAt) = (OrderState.Canceled, canceled.BuyerId, canceled.At);
                return Mail(MailKinds.OrderCanceled, $"{OrderId}");
            case OrderExpired expired:
                (order.State, order.BuyerId, order.EndedAt) = (OrderState.Expired, expired.BuyerId, expired.At);
                return null;
            case OrderRefunded refunded:
                (order.State, order.BuyerId, order.EndedAt) = (OrderState.Refunded, refunded.BuyerId, refunded.At);
                (order.Total, order.Currency) = (refunded.Total, refunded.Currency);
                order.PaidAt ??= refunded.At;
                return Refund(new RefundData(refunded.Amount ?? refunded.Total, EndsOrder: true));
            case OrderPartlyRefunded { Amount: > 0 } part:
                return Refund(new RefundData(part.Amount, EndsOrder: false));
            default:
                return null;
        }
    }

    private MailRow Refund(RefundData data) =>
        Mail(MailKinds.OrderRefunded, FormattableString.Invariant($"{OrderId}/{Message.Revision}"), data: data);
}

/// <summary>An attempt to pay began.</summary>
internal sealed record PaymentBegun(PaymentStarted Message) : OrderNews(Message.OrderId, Message.At)
{
    public override MailRow? Apply(OrderRow order)
    {
        if (order.PaymentAt >= Message.At)
        {
            return null;
        }

        (order.PaymentId, order.PaymentAt, order.IsPaying) = (Message.PaymentId, Message.At, true);
        order.IsByPix = Message.Method == PaymentMethod.Pix;
        return null;
    }
}

/// <summary>An attempt to pay was declined.</summary>
internal sealed record PaymentRefused(PaymentDeclined Message) : OrderNews(Message.OrderId, Message.At)
{
    // Reasons of attempts that their buyers, or we, gave up for another one, or that never reached a gateway.
    private static readonly string[] NotNews = ["superseded", "canceled", "abandoned", "no-answer"];

    private static readonly TimeSpan BeforeSecondAttempt = TimeSpan.FromSeconds(30);

    public override MailRow? Apply(OrderRow order)
    {
        if (order.PaymentId == Message.PaymentId || order.PaymentAt is null || order.PaymentAt < Message.At)
        {
            order.PaymentId ??= Message.PaymentId;
            order.PaymentAt = order.PaymentAt > Message.At ? order.PaymentAt : Message.At;
            order.IsPaying &= order.PaymentId != Message.PaymentId;
        }

        return NotNews.Contains(Message.Reason, StringComparer.Ordinal)
            ? null
            : Mail(MailKinds.PaymentDeclined, $"{Message.PaymentId}", BeforeSecondAttempt);
    }
}
