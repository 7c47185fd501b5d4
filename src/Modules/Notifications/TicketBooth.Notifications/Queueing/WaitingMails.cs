using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>The mails of orders that are not paid: they are queued when they are due, so that whoever pays at once costs none.</summary>
internal static class WaitingMails
{
    // Whoever pays in the page that placed the order needs no mail about it.
    private static readonly TimeSpan BeforeOrderPlaced = TimeSpan.FromMinutes(1);

    // A code that is to be paid within minutes does not wait for the minute of the others.
    private static readonly TimeSpan BeforePixCode = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan WhilePaying = TimeSpan.FromSeconds(15);

    /// <summary>An order was placed.</summary>
    public static void Begin(OrderRow order)
    {
        ArgumentNullException.ThrowIfNull(order);
        order.Await(NextMail.OrderPlaced, order.PlacedAt + BeforeOrderPlaced);
    }

    /// <summary>The mail with the code, of an order that is being paid by Pix; null for none.</summary>
    public static MailRow? HurryOf(OrderRow order, TimeSpan beforeEnd)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order is not { NextMail: NextMail.OrderPlaced, IsByPix: true, IsPaying: true, PaymentAt: { } at })
        {
            return null;
        }

        AwaitReminder(order, beforeEnd);
        return Mail(order, MailKinds.OrderPlaced, at, at + BeforePixCode);
    }

    /// <summary>The mail that is due, and notes on the order which one is next.</summary>
    /// <param name="order">With a next mail.</param>
    /// <param name="now">When it is due.</param>
    /// <param name="beforeEnd">How long before the end of a hold its buyer is reminded; zero is never.</param>
    public static MailRow? TakeFrom(OrderRow order, DateTimeOffset now, TimeSpan beforeEnd)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.State != OrderState.OnPayment || order.ExpiresAt <= now)
        {
            order.AwaitNoMail();
            return null;
        }

        if (order.NextMail == NextMail.OrderPlaced)
        {
            AwaitReminder(order, beforeEnd);
            return Mail(order, MailKinds.OrderPlaced, now, now);
        }

        if (order.ExpiresAt - beforeEnd > now)
        {
            AwaitReminder(order, beforeEnd);
            return null;
        }

        if (order.IsPaying)
        {
            order.Await(NextMail.HoldEnding, now + WhilePaying);
            return null;
        }

        order.AwaitNoMail();
        return Mail(order, MailKinds.HoldEnding, now, now);
    }

    private static void AwaitReminder(OrderRow order, TimeSpan beforeEnd)
    {
        // A hold that is hardly longer than the reminder is not worth one.
        if (beforeEnd == TimeSpan.Zero || order.ExpiresAt - order.PlacedAt < 2 * beforeEnd)
        {
            order.AwaitNoMail();
        }
        else
        {
            order.Await(NextMail.HoldEnding, order.ExpiresAt - beforeEnd);
        }
    }

    private static MailRow Mail(OrderRow order, string kind, DateTimeOffset at, DateTimeOffset dueAt) =>
        new()
        {
            UniqueKey = $"{kind}/{order.Id}",
            Kind = kind,
            AccountId = order.Account,
            OrderId = order.Id,
            CreatedAt = at,
            NextTryAt = dueAt,
        };
}
