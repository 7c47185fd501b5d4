using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>Reads what a change says, and outbox entries back.</summary>
internal static class Messages
{
    public static T? As<T>(this OutboxEntry entry)
        where T : class =>
        entry.MessageType == MessageUrn.ForTypeString<T>() ? JsonSerializer.Deserialize<T>(entry.Body, SystemTextJsonMessageSerializer.Options) : null;

    /// <summary>The one message about the order's state, if the change says any.</summary>
    public static IOrderMessage? Told(this OrderChange change) => change.Events.OfType<IOrderMessage>().SingleOrDefault();

    public static IEnumerable<RefundDue> Refunds(this OrderChange change) => change.Events.OfType<RefundDue>();
}
