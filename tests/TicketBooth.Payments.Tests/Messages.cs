using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Payments.Tests;

/// <summary>Outbox entries as the messages that they carry.</summary>
internal static class Messages
{
    public static bool Holds<T>(OutboxEntry entry)
        where T : class => entry.MessageType == MessageUrn.ForTypeString<T>();

    public static T Read<T>(OutboxEntry entry)
        where T : class
    {
        Assert.That(Holds<T>(entry), Is.True);
        return JsonSerializer.Deserialize<T>(entry.Body, SystemTextJsonMessageSerializer.Options)!;
    }
}
