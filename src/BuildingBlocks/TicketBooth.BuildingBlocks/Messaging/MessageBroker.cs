namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>The broker between hosts, where a setting switches one on: then modules get their messages from it, and from nowhere else.</summary>
public sealed class MessageBroker
{
    internal const string Name = "kafka";

    internal IMessageDestination? Outlet { get; init; }
}
