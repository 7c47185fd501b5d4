using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Batches;

/// <summary>What a module applies by the page.</summary>
internal interface IModuleBatch
{
    bool Takes(OutboxEntry entry);

    /// <summary>Applies the entries in their order. Throws when one of them cannot be applied.</summary>
    Task ApplyAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken);
}

/// <summary>The batch consumers of one module, and the writer of all their changes.</summary>
internal sealed class ModuleBatch<TChange>(IBatchWriter<TChange> writer, IEnumerable<BatchConsumer<TChange>> consumers) : IModuleBatch
{
    private readonly Dictionary<string, BatchConsumer<TChange>> consumers = consumers.ToDictionary(
        consumer => consumer.MessageType,
        StringComparer.Ordinal
    );

    public bool Takes(OutboxEntry entry) => consumers.ContainsKey(entry.MessageType);

    public Task ApplyAsync(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var changes = new TChange[entries.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = consumers[entries[i].MessageType].ChangeOf(entries[i]);
        }

        return writer.ApplyAsync(changes, cancellationToken);
    }
}
