using System.Text.Json.Serialization;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Orders;

/// <summary>How an order is written, by the rules of all JSON of this API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = new[]
    {
        typeof(UtcTimeConverter),
        typeof(SnakeCase<OrderStatus>),
        typeof(SnakeCase<OrderPaymentStatus>),
        typeof(SnakeCase<OrderRefundStatus>),
        typeof(SnakeCase<OrderDisputeState>),
        typeof(SnakeCase<SalesChannel>),
        typeof(SnakeCase<CounterMethod>),
    }
)]
[JsonSerializable(typeof(OrderView))]
internal sealed partial class OrderJson : JsonSerializerContext;
