namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>One store's outbox as the relay sees it.</summary>
public interface IOutbox
{
    /// <summary>For logs and metrics, for example <c>booking-0001</c>.</summary>
    string Name { get; }

    /// <summary>How many entries (or documents with entries) wait for a destination.</summary>
    Task<long> DepthAsync(CancellationToken cancellationToken);
}

/// <summary>An outbox that numbers its entries. Each destination has a cursor of its own, kept in the store.</summary>
public interface IOutboxSource : IOutbox
{
    /// <summary>Where <paramref name="destination"/> stands: everything up to this sequence was delivered to it. Remembers the destination from now on.</summary>
    Task<long> SubscribeAsync(string destination);

    /// <summary>Forgets a destination that is served in another way from now on: it holds nothing back any more.</summary>
    Task UnsubscribeAsync(string destination);

    /// <summary>The next entries after <paramref name="sequence"/>, ascending.</summary>
    IReadOnlyList<OutboxEntry> Read(long sequence, int limit);

    /// <summary>Moves the destination's cursor; entries that every known destination is past are removed.</summary>
    Task AcknowledgeAsync(string destination, long sequence);

    /// <summary>Forgets which messages older than <paramref name="before"/> had their effect: older than any that is delivered again.</summary>
    Task ForgetMessagesAsync(DateTimeOffset before);

    /// <summary>Completes when there may be entries after <paramref name="sequence"/>.</summary>
    Task WaitAsync(long sequence, CancellationToken cancellationToken);
}

/// <summary>An outbox whose entries stand inside the documents whose changes they tell about, each document's in the order of its changes.</summary>
public interface IDocumentOutbox : IOutbox
{
    /// <summary>The next documents with entries to relay by this host; waits until there are any.</summary>
    Task<IReadOnlyList<PendingDocument>> TakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Takes the entries out of their documents: every destination has them.</summary>
    Task RemoveAsync(IReadOnlyList<PendingDocument> delivered);
}

/// <param name="Id">The document's id as its store knows it.</param>
/// <param name="Entries">Oldest first.</param>
public sealed record PendingDocument(object Id, IReadOnlyList<OutboxEntry> Entries);
