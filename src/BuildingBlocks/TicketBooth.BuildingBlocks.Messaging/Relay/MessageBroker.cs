using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>The broker between hosts, where a setting switches one on: then modules get their messages from it, and from nowhere else.</summary>
public sealed class MessageBroker
{
    public const string Name = "kafka";

    public IMessageDestination? Outlet { get; init; }
}
