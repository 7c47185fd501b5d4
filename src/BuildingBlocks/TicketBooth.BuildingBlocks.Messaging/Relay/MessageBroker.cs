using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>The broker between hosts, where one is configured. Modules then get all their messages from it.</summary>
public sealed class MessageBroker
{
    public const string Name = "kafka";

    public IMessageDestination? Outlet { get; init; }
}
