using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>Tells whoever watches the brokers of each dead letter; the store stays what the back office shows and replays from.</summary>
internal sealed class KafkaDeadLetters(IDeadLetters store, KafkaDeadLetterTopic topic, KafkaModules modules) : IDeadLetters
{
    /// <remarks>The store first: a letter that is only there is safe. When the topic cannot be reached both are done again.</remarks>
    public async Task AddAsync(string module, string source, OutboxEntry entry, string reason)
    {
        await store.AddAsync(module, source, entry, reason);
        if (modules.All.Any(consuming => consuming.Name == module))
        {
            await topic.PublishAsync(module, source, entry, reason, CancellationToken.None);
        }
    }

    public Task<IReadOnlyList<DeadLetter>> ListAsync(int limit) => store.ListAsync(limit);

    public Task<long> CountAsync() => store.CountAsync();

    public Task<DeadLetter?> FindAsync(long number) => store.FindAsync(number);

    public Task RemoveAsync(long number) => store.RemoveAsync(number);
}
