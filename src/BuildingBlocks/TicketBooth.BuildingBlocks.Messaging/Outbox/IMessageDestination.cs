namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>Where the relay gives an outbox's entries: a module in this process, or the broker.</summary>
public interface IMessageDestination
{
    /// <summary>Names its place in the outboxes that keep one per destination.</summary>
    string Name { get; }

    /// <summary>How many keys it takes side by side.</summary>
    int SideBySide { get; }

    bool Accepts(OutboxEntry entry);

    /// <summary>
    /// Completes when the entry is safe there. Entries of one key are given one after the other. Throws only what makes a later attempt worth while; the
    /// caller tries again for ever.
    /// </summary>
    Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken);
}
