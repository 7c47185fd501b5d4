using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>Messages as outbox entries, keyed by the order so that one order's messages keep their order.</summary>
internal static class PaymentMessages
{
    public static OutboxEntry[] EntriesOf(Payment payment, IReadOnlyList<IIntegrationEvent> messages) =>
        [.. messages.Select(message => MessageCodec.Encode(message, payment.OrderId, payment.ChangedAt))];
}
