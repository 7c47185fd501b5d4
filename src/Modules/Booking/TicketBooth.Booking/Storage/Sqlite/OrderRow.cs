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
        + "payment_id, payment_status, revision, version, refunded_payments, paid_at, ended_at, turn, refunds, disputes, counter";

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
            Refunds = row.Text(17) is { } refunds ? DeserializeRefunds(refunds, eventId) : [],
            Disputes = row.Text(18) is { } disputes
                ? JsonSerializer.Deserialize(disputes, StorageJson.Default.IReadOnlyListOrderDispute)!
                : [],
            Counter = CounterJson.ReadSale(row.Text(19)),
        };
    }

    public static string Serialize(IReadOnlyList<OrderedTicket> tickets) =>
        JsonSerializer.Serialize(
            tickets.Select(ticket => new StoredTicket(ticket.Number, ticket.TierId, ticket.Price, ticket.Released)),
            StorageJson.Default.IEnumerableStoredTicket
        );

    public static string? Serialize(IReadOnlyList<OrderRefund> refunds) =>
        refunds.Count == 0 ? null : JsonSerializer.Serialize(refunds.Select(StoredRefund.Of), StorageJson.Default.IEnumerableStoredRefund);

    public static string? Serialize(IReadOnlyList<OrderDispute> disputes) =>
        disputes.Count == 0 ? null : JsonSerializer.Serialize(disputes, StorageJson.Default.IReadOnlyListOrderDispute);

    public static string? Serialize(IReadOnlyList<Guid> payments) => payments.Count == 0 ? null : string.Join(' ', payments);

    private static OrderedTicket[] Deserialize(string tickets, Guid eventId) =>
        [
            .. JsonSerializer
                .Deserialize(tickets, StorageJson.Default.IEnumerableStoredTicket)!
                .Select(ticket => new OrderedTicket(TaggedId.Of(eventId, (ushort)ticket.Number), ticket.Number, ticket.TierId, ticket.Price)
                {
                    Released = ticket.Released,
                }),
        ];

    private static OrderRefund[] DeserializeRefunds(string refunds, Guid eventId) =>
        [.. JsonSerializer.Deserialize(refunds, StorageJson.Default.IEnumerableStoredRefund)!.Select(refund => refund.ToDomain(eventId))];
}

/// <summary>A ticket in an order's row; its id follows from the event and the number.</summary>
internal sealed record StoredTicket(
    int Number,
    Guid TierId,
    long Price,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Released = false
);

/// <summary>A refund in an order's row.</summary>
internal sealed record StoredRefund(
    Guid Id,
    int Revision,
    long Amount,
    IReadOnlyList<int> Tickets,
    bool Released,
    string Reason,
    DateTimeOffset At,
    OrderRefundStatus Status,
    Actor? By,
    bool IsWhole,
    bool ByGateway,
    string? Failure,
    DateTimeOffset? FailedAt = null,
    int? ChangedIn = null
)
{
    public static StoredRefund Of(OrderRefund refund) =>
        new(
            refund.Id,
            refund.Revision,
            refund.Amount,
            refund.ToFacts().Tickets,
            refund.Released,
            refund.Reason,
            refund.At,
            refund.Status,
            refund.By,
            refund.IsWhole,
            refund.ByGateway,
            refund.Failure,
            refund.FailedAt,
            refund.ChangedIn
        );

    public OrderRefund ToDomain(Guid eventId) =>
        new(Id, Revision, Amount, [.. Tickets.Select(number => TaggedId.Of(eventId, (ushort)number))], Released, Reason, At, Status)
        {
            By = By,
            IsWhole = IsWhole,
            ByGateway = ByGateway,
            Failure = Failure,
            FailedAt = FailedAt,
            ChangedIn = ChangedIn,
        };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IEnumerable<StoredTicket>))]
[JsonSerializable(typeof(IEnumerable<StoredRefund>))]
[JsonSerializable(typeof(IReadOnlyList<OrderDispute>))]
[JsonSerializable(typeof(IReadOnlyList<NumberRange>))]
internal sealed partial class StorageJson : JsonSerializerContext;
