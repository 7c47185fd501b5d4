using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>An order as a document, both ways.</summary>
internal static class OrderDocument
{
    /// <summary>The ids of the tickets that the order holds; absent when it holds none.</summary>
    public const string Held = "held";

    /// <summary>See <see cref="Order.Turn"/>; absent when it has none.</summary>
    public const string Turn = "turn";

    /// <summary>How often it has given its tickets back; absent while it has not.</summary>
    public const string Freed = "freed";

    /// <summary>When it last did so, by the server's clock; absent while it has not, and when an older release did it.</summary>
    public const string FreedAt = "freed_at";

    /// <summary>Cents that the buyer has to get at the counter; absent when there are none.</summary>
    public const string Owed = "owed";

    /// <summary>The messages that changed it, see <see cref="Mark"/>.</summary>
    public const string Inbox = "inbox";

    // An order gets one message per step of its payments; what is pushed out is older than any that is delivered again.
    private const int MarksKept = 64;

    /// <summary>A new order.</summary>
    /// <param name="write">The write.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="batch">The batch that acknowledges them; null when the order itself keeps them until they are delivered.</param>
    public static BsonDocument Of(OrderWrite write, OutboxEntry[] messages, InsertBatch? batch)
    {
        var (change, inbox, _) = write;
        var order = change.After;
        var document = new BsonDocument
        {
            { "_id", order.Id.Bson() },
            { "event", order.EventId.Bson() },
            { "buyer", order.BuyerId.Bson() },
            { "status", (int)order.Status },
            { "tickets", Bson(order.Tickets) },
            { "total", order.Total },
            { "currency", order.Currency },
            { "placed", order.PlacedAt.Bson() },
            { "expires", order.ExpiresAt.Bson() },
            { "payment", order.PaymentId.Bson() },
            { "payment_status", Bson(order.PaymentStatus) },
            { "refunded_payments", Bson(order.RefundedPayments) },
            { "paid", order.PaidAt.Bson() },
            { "ended", order.EndedAt.Bson() },
            { "revision", order.Revision },
            { "version", order.Version },
        };
        if (change.TakesTickets)
        {
            document.Add(Held, Claims(order));
        }

        if (order.Turn is { } turn)
        {
            document.Add(Turn, turn);
        }

        CounterDocument.AddTo(document, order.Counter);
        if (order.Refunds.Count > 0)
        {
            document.Add(RefundDocument.Field, RefundDocument.Of(order.Refunds));
        }

        if (order.Disputes.Count > 0)
        {
            document.Add(DisputeDocument.Field, DisputeDocument.Of(order.Disputes));
        }

        if (messages.Length > 0)
        {
            document.Add(
                batch is null
                    ? new BsonElement(MongoOutbox.Field, new BsonArray(messages.Select(MongoOutbox.Encode)))
                    : new BsonElement(InsertBatch.Field, batch.Encode(messages))
            );
        }

        if (inbox is { } key)
        {
            document.Add(Inbox, new BsonArray { Mark(key) });
        }

        return document;
    }

    /// <summary>A change of an order that exists: applies only to the version that the decision was made on.</summary>
    public static UpdateOneModel<BsonDocument> Update(OrderWrite write, ObjectId batch)
    {
        var (change, inbox, _) = write;
        var order = change.After;
        var where = Builders<BsonDocument>.Filter;
        var filter = where.Eq("_id", order.Id.Bson()) & where.Eq("version", change.Before!.Version);
        var update = Builders<BsonDocument>
            .Update.Set("status", (int)order.Status)
            .Set("paid", order.PaidAt.Bson())
            .Set("ended", order.EndedAt.Bson())
            .Set("expires", order.ExpiresAt.Bson())
            .Set("payment", order.PaymentId.Bson())
            .Set("payment_status", Bson(order.PaymentStatus))
            .Set("refunded_payments", Bson(order.RefundedPayments))
            .Set("revision", order.Revision)
            .Set("version", order.Version)
            .Set("batch", batch);
        if (change.TakesTickets)
        {
            update = update.Set(Held, Claims(order));
            update = order.Turn is { } turn ? update.Set(Turn, turn) : update;
        }
        else if (change.FreesTickets)
        {
            update = (order.HoldsTickets ? update.Set(Held, Claims(order)) : update.Unset(Held)).Inc(Freed, 1).CurrentDate(FreedAt);
        }

        if (!ReferenceEquals(order.Tickets, change.Before.Tickets))
        {
            update = update.Set("tickets", Bson(order.Tickets));
        }

        if (!ReferenceEquals(order.Refunds, change.Before.Refunds))
        {
            update = update.Set(RefundDocument.Field, RefundDocument.Of(order.Refunds));
        }

        if (!ReferenceEquals(order.Disputes, change.Before.Disputes))
        {
            update = update.Set(DisputeDocument.Field, DisputeDocument.Of(order.Disputes));
        }

        update = CounterDocument.Change(update, change.Before.Counter, order.Counter);

        if (order.OwedAtCounter != change.Before.OwedAtCounter)
        {
            update = order.OwedAtCounter > 0 ? update.Set(Owed, order.OwedAtCounter) : update.Unset(Owed);
        }

        if (change.Events.Length > 0)
        {
            update = update.PushEach(MongoOutbox.Field, Messages(write).Select(MongoOutbox.Encode));
        }

        if (inbox is { } key)
        {
            filter &= where.Ne(Inbox, Mark(key));
            update = update.PushEach(Inbox, [Mark(key)], slice: -MarksKept);
        }

        return new UpdateOneModel<BsonDocument>(filter, update);
    }

    public static Order Read(BsonDocument document)
    {
        var eventId = document["event"].ToId();
        return new Order
        {
            Id = document["_id"].ToId(),
            EventId = eventId,
            BuyerId = document["buyer"].ToId(),
            Status = (OrderStatus)document["status"].AsInt32,
            Tickets =
            [
                .. document["tickets"]
                    .AsBsonArray.Select(ticket => new OrderedTicket(
                        TaggedId.Of(eventId, (ushort)ticket["number"].AsInt32),
                        ticket["number"].AsInt32,
                        ticket["tier"].ToId(),
                        ticket["price"].AsInt64
                    )
                    {
                        Released = ticket.AsBsonDocument.Contains("released"),
                    }),
            ],
            Refunds = document.TryGetValue(RefundDocument.Field, out var refunds) ? RefundDocument.Read(refunds.AsBsonArray, eventId) : [],
            Disputes = document.TryGetValue(DisputeDocument.Field, out var disputes) ? DisputeDocument.Read(disputes.AsBsonArray) : [],
            Total = document["total"].AsInt64,
            Currency = document["currency"].AsString,
            PlacedAt = document["placed"].ToTime(),
            ExpiresAt = document["expires"].ToTime(),
            PaymentId = document["payment"].ToIdOrNull(),
            PaymentStatus = document["payment_status"] is { IsBsonNull: false } status ? (OrderPaymentStatus)status.AsInt32 : null,
            RefundedPayments = [.. document["refunded_payments"].AsBsonArray.Select(id => id.ToId())],
            PaidAt = document.GetValue("paid", null).ToTimeOrNull(),
            EndedAt = document.GetValue("ended", null).ToTimeOrNull(),
            Turn = document.TryGetValue(Turn, out var turn) ? turn.AsInt32 : null,
            Counter = CounterDocument.Read(document),
            Revision = document["revision"].AsInt32,
            Version = document["version"].AsInt32,
        };
    }

    /// <summary>A message as the inbox remembers it.</summary>
    public static string Mark(InboxKey key) => $"{key.Consumer}/{key.MessageId:N}";

    public static OutboxEntry[] Messages(OrderWrite write) =>
        Array.ConvertAll(write.Change.Events, happened => OrderMessages.Encode(write, happened));

    private static BsonArray Claims(Order order) => new(order.Held.Select(ticket => ticket.Id.Bson()));

    private static BsonArray Bson(IReadOnlyList<OrderedTicket> tickets) =>
        new(
            tickets.Select(ticket =>
            {
                var document = new BsonDocument
                {
                    { "number", ticket.Number },
                    { "tier", ticket.TierId.Bson() },
                    { "price", ticket.Price },
                };
                return ticket.Released ? document.Add("released", true) : document;
            })
        );

    private static BsonArray Bson(IReadOnlyList<Guid> ids) => new(ids.Select(id => id.Bson()));

    private static BsonValue Bson(OrderPaymentStatus? status) => status is { } value ? (int)value : BsonNull.Value;
}
