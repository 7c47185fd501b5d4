namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>Where the relay delivers an outbox's entries: a module in this process, or the broker.</summary>
public interface IMessageDestination
{
    /// <summary>Identifies it in the outboxes, which store a cursor per destination.</summary>
    string Name { get; }

    /// <summary>For how many keys it accepts entries at the same time.</summary>
    int SideBySide { get; }

    bool Accepts(OutboxEntry entry);

    /// <summary>
    /// Completes when the entry is stored or processed there. Entries of one key are delivered one after the other. Throws only when a
    /// later attempt may succeed; the caller retries for ever.
    /// </summary>
    Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken);
}
