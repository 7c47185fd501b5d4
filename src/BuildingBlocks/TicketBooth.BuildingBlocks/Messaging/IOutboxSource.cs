namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>One store's outbox as the relay sees it. Each consuming module has a cursor of its own, kept in the store.</summary>
public interface IOutboxSource
{
    /// <summary>For logs and metrics, for example <c>booking-0001</c>.</summary>
    string Name { get; }

    /// <summary>Where <paramref name="module"/> stands: everything up to this sequence was delivered to it. Remembers the module from now on.</summary>
    Task<long> SubscribeAsync(string module);

    /// <summary>The next entries after <paramref name="sequence"/>, ascending.</summary>
    IReadOnlyList<OutboxEntry> Read(long sequence, int limit);

    /// <summary>Moves the module's cursor; entries that every known module is past are removed.</summary>
    Task AcknowledgeAsync(string module, long sequence);

    /// <summary>Completes when there may be entries after <paramref name="sequence"/>.</summary>
    Task WaitAsync(long sequence, CancellationToken cancellationToken);
}
