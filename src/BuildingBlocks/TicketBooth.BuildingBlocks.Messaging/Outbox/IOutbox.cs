namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>The outbox of one store, as the relay reads it.</summary>
public interface IOutbox
{
    /// <summary>For logs and metrics, for example <c>booking-0001</c>.</summary>
    string Name { get; }

    /// <summary>How many entries (or documents with entries) are not delivered yet.</summary>
    Task<long> DepthAsync(CancellationToken cancellationToken);

    /// <summary>Since when the oldest of them waits; null when none does.</summary>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);

    /// <summary>Makes the relay look again, though nobody has told it of an entry.</summary>
    void Wake();
}

/// <summary>An outbox that numbers its entries. The store has a cursor for each destination.</summary>
public interface IOutboxSource : IOutbox
{
    /// <summary>
    /// Registers a destination and returns its cursor: everything up to this sequence is delivered to it. A new one begins before the
    /// oldest entry that is kept.
    /// </summary>
    Task<long> SubscribeAsync(string destination);

    /// <summary>Removes the cursor of a destination that no longer uses this outbox, so that no entry waits for it.</summary>
    Task UnsubscribeAsync(string destination);

    /// <summary>The next entries after <paramref name="sequence"/>, ascending.</summary>
    IReadOnlyList<OutboxEntry> Read(long sequence, int limit);

    /// <summary>Moves the destinations' cursors forwards; entries that every known destination is past are removed.</summary>
    Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors);

    /// <summary>Removes messages from the inbox that are older than any that may be delivered again.</summary>
    Task ForgetMessagesAsync(DateTimeOffset before);

    /// <summary>Completes when there may be entries after <paramref name="sequence"/>.</summary>
    Task WaitAsync(long sequence, CancellationToken cancellationToken);
}

/// <summary>An outbox whose entries are in the documents whose changes they report, in the order of the changes.</summary>
public interface IDocumentOutbox : IOutbox
{
    /// <summary>The next documents with entries for this host to relay; waits until there are any.</summary>
    Task<IReadOnlyList<PendingDocument>> TakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes entries from their documents after every destination has got them, from here or into its backlog.</summary>
    Task RemoveAsync(IReadOnlyList<PendingDocument> delivered);

    /// <summary>Adds entries to the backlog of a destination that does not take them now. Adding one again changes nothing.</summary>
    Task SetAsideAsync(string destination, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>The destinations with a backlog.</summary>
    Task<IReadOnlyCollection<string>> BehindAsync(CancellationToken cancellationToken);

    /// <summary>The oldest entries of a backlog, for this host to deliver; null when another host does.</summary>
    Task<IReadOnlyList<OutboxEntry>?> TakeSetAsideAsync(string destination, int limit, CancellationToken cancellationToken);

    /// <summary>Removes entries from a backlog after its destination has got them.</summary>
    Task RemoveSetAsideAsync(string destination, IReadOnlyList<OutboxEntry> delivered);
}

/// <summary>A document with entries, or several that are acknowledged together.</summary>
/// <param name="Id">What its store knows it by.</param>
/// <param name="Entries">Oldest first.</param>
public sealed record PendingDocument(object Id, IReadOnlyList<OutboxEntry> Entries);
