using MongoDB.Bson;

namespace TicketBooth.Payments.Storage.Mongo;

/// <summary>The deliveries that changed a payment, in its document.</summary>
internal static class DeliveryMarks
{
    public const string Field = "marks";

    public static bool AreOn(BsonDocument stored, Delivery delivery) =>
        stored.TryGetValue(Field, out var marks) && marks.AsBsonArray.Any(mark => mark["id"] == Of(delivery));

    public static string Of(Delivery delivery) =>
        delivery switch
        {
            Delivery.Webhook webhook => "webhook/" + webhook.Id,
            Delivery.Message message => $"{message.Key.Consumer}/{message.Key.MessageId:N}",
            _ => throw new ArgumentOutOfRangeException(nameof(delivery), delivery, "Not a kind of delivery."),
        };
}
