using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>One consumer for each module of this process that consumes messages.</summary>
internal sealed class KafkaConsumers : IDisposable
{
    private readonly List<KafkaConsumer> consumers;

    public KafkaConsumers(
        KafkaConnection connection,
        KafkaTopics topics,
        KafkaModules modules,
        KafkaDeadLetterTopic deadLetters,
        KafkaMetrics metrics,
        SalesPauses pauses,
        IEnumerable<ModuleConsumers> registered,
        IOptions<KafkaOptions> options,
        TimeProvider clock,
        ILogger<KafkaConsumer> logger
    )
    {
        var registrations = registered.ToDictionary(module => module.Module, StringComparer.Ordinal);
        consumers = [.. modules.All.Select(Consumer)];

        KafkaConsumer Consumer(IMessageDestination module) =>
            new(
                topics.GroupOf(module.Name),
                Subscription(topics, registrations[module.Name]),
                module,
                new RecordDelivery(module, pauses, deadLetters, metrics, clock, logger),
                metrics,
                connection,
                options.Value,
                clock,
                logger
            );
    }

    public IReadOnlyList<KafkaConsumer> All => consumers;

    public void Start() => consumers.ForEach(consumer => consumer.Start());

    public Task StopAsync() => Task.WhenAll(consumers.Select(consumer => consumer.StopAsync()));

    public void Dispose() => consumers.ForEach(consumer => consumer.Dispose());

    /// <summary>The topics of the message types that a module consumes.</summary>
    private static string[] Subscription(KafkaTopics topics, ModuleConsumers module) =>
        [
            .. module
                .MessageTypes.Select(type =>
                    topics.ForMessages(type)
                    ?? throw new InvalidOperationException(
                        $"{module.Module} consumes {type}, which is in no module's Contracts and so has no topic."
                    )
                )
                .Distinct(StringComparer.Ordinal),
        ];
}
