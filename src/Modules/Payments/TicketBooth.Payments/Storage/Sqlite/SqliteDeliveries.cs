using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Payments.Storage.Sqlite;

/// <summary>The marks of deliveries that changed a payment.</summary>
internal static class SqliteDeliveries
{
    /// <summary>False when it is marked already.</summary>
    public static bool TryMark(SqliteSession session, Delivery delivery) =>
        delivery switch
        {
            // The unique index decides, not a look beforehand.
            Delivery.Webhook webhook => session.Execute("INSERT OR IGNORE INTO webhooks(id, at) VALUES (?1, ?2)", webhook.Id, webhook.At)
                == 1,
            Delivery.Message message => SqliteOutbox.TryEnter(session, message.Key),
            _ => throw new ArgumentOutOfRangeException(nameof(delivery), delivery, "Not a kind of delivery."),
        };
}
