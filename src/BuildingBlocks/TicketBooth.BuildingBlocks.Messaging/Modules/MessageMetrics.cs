using System.Diagnostics.Metrics;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>The figures of the modules' consumers of this host.</summary>
public sealed class MessageMetrics
{
    /// <summary>Of all figures of messages between modules.</summary>
    internal const string MeterName = "TicketBooth.Messaging";

    private readonly Counter<long> deadLetters;

    public MessageMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        deadLetters = meters
            .Create(MeterName)
            .CreateCounter<long>("ticketbooth.messages.dead_letters", "{message}", "Messages that a module could not process.");
    }

    internal void DeadLetter(string module) => deadLetters.Add(1, new KeyValuePair<string, object?>("module", module));
}
