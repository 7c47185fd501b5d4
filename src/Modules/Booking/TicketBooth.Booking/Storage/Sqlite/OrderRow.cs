using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>An order as a row, both ways.</summary>
internal static class OrderRow
{
    public const string Columns =
        "id, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, "
        + "payment_id, payment_status, revision, version, refunded_payments, paid_at, ended_at, turn";

    public static Order Read(SqliteRow row)
    {
        var eventId = row.Id(1);
        return new Order
        {
            Id = row.Id(0),
            EventId = eventId,
            BuyerId = row.Id(2),
            Status = (OrderStatus)row.GetInt32(3),
            Tickets = Deserialize(row.GetString(4), eventId),
            Total = row.GetInt64(5),
            Currency = row.GetString(6),
            PlacedAt = row.Time(7),
            ExpiresAt = row.Time(8),
            PaymentId = row.IdOrNull(9),
            PaymentStatus = (OrderPaymentStatus?)row.NumberOrNull(10),
            Revision = row.GetInt32(11),
            Version = row.GetInt32(12),
            RefundedPayments = row.Text(13)?.Split(' ').Select(Guid.Parse).ToList() ?? [],
            PaidAt = row.TimeOrNull(14),
            EndedAt = row.TimeOrNull(15),
            Turn = (int?)row.NumberOrNull(16),
        };
    }

    public static string Serialize(IReadOnlyList<OrderedTicket> tickets) =>
        JsonSerializer.Serialize(
            tickets.Select(ticket => new StoredTicket(ticket.Number, ticket.TierId, ticket.Price)),
            StorageJson.Default.IEnumerableStoredTicket
        );

    public static string? Serialize(IReadOnlyList<Guid> payments) => payments.Count == 0 ? null : string.Join(' ', payments);

    private static OrderedTicket[] Deserialize(string tickets, Guid eventId) =>
        [
            .. JsonSerializer
                .Deserialize(tickets, StorageJson.Default.IEnumerableStoredTicket)!
                .Select(ticket => new OrderedTicket(
                    TaggedId.Of(eventId, (ushort)ticket.Number),
                    ticket.Number,
                    ticket.TierId,
                    ticket.Price
                )),
        ];
}

/// <summary>A ticket in an order's row; its id follows from the event and the number.</summary>
internal sealed record StoredTicket(int Number, Guid TierId, long Price);

[JsonSerializable(typeof(IEnumerable<StoredTicket>))]
[JsonSerializable(typeof(IReadOnlyList<NumberRange>))]
internal sealed partial class StorageJson : JsonSerializerContext;
