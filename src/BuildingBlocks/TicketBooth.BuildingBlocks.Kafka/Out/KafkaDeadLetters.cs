using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>Publishes each dead letter to Kafka as well. The back office shows and replays dead letters from the store.</summary>
internal sealed class KafkaDeadLetters(IDeadLetters store, KafkaDeadLetterTopic topic, KafkaModules modules) : IDeadLetters
{
    /// <remarks>The store first: a letter that is only there is not lost. When the topic cannot be reached, both are retried.</remarks>
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
