namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>Where the relay delivers an outbox's entries: a module in this process, or the broker.</summary>
public interface IMessageDestination
{
    /// <summary>Identifies it in the outboxes, which store a cursor per destination.</summary>
    string Name { get; }

    /// <summary>Whether its entries may wait for a pause of the sales, for a moment.</summary>
    bool YieldsToSales { get; }

    bool Accepts(OutboxEntry entry);

    /// <summary>
    /// Takes what it accepts of a page. Completes when each of these entries is stored or processed there; entries of one key in their
    /// order. Throws only when a later attempt may succeed; the caller repeats the page for ever.
    /// </summary>
    /// <returns>The entries that it has not got, in their order: none unless it was canceled.</returns>
    Task<IReadOnlyList<OutboxEntry>> DeliverAsync(IReadOnlyList<OutboxEntry> page, string source, CancellationToken cancellationToken);
}
