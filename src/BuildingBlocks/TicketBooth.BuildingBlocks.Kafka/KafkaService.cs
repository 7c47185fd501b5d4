using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.Health;
using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Modules;

namespace TicketBooth.BuildingBlocks.Kafka;

/// <summary>Starts what Kafka needs in this process: brokers and topics looked after first, then a consumer for each consuming module.</summary>
internal sealed class KafkaService : IHostedService, IDisposable
{
    private readonly KafkaProvisioner provisioner;
    private readonly KafkaMonitor monitor;
    private readonly List<KafkaConsumer> consumers;
    private readonly string[] topicsOfMessages;
    private readonly string[] topicsOfDeadLetters;
    private readonly CancellationTokenSource stop = new();
    private Task monitoring = Task.CompletedTask;

    public KafkaService(
        KafkaConnection connection,
        KafkaTopics topics,
        KafkaModules modules,
        KafkaProvisioner provisioner,
        KafkaMonitor monitor,
        KafkaDeadLetterTopic deadLetters,
        KafkaMetrics metrics,
        IEnumerable<ModuleConsumers> registered,
        IOptions<KafkaOptions> options,
        TimeProvider clock,
        ILogger<KafkaConsumer> logger
    )
    {
        this.provisioner = provisioner;
        this.monitor = monitor;
        var known = registered.ToDictionary(module => module.Module, StringComparer.Ordinal);
        consumers =
        [
            .. modules.All.Select(module => new KafkaConsumer(
                module,
                Subscription(topics, known[module.Name]),
                connection,
                topics,
                deadLetters,
                metrics,
                options,
                clock,
                logger
            )),
        ];
        topicsOfMessages =
        [
            .. known
                .Keys.Select(topics.Of)
                .Concat(consumers.SelectMany(consumer => consumer.Subscription))
                .Distinct(StringComparer.Ordinal),
        ];
        topicsOfDeadLetters = [.. modules.All.Select(module => topics.DeadLettersOf(module.Name))];
    }

    /// <summary>Why messages do not flow now, one line for each cause; empty when they do.</summary>
    public IEnumerable<string> Troubles =>
        consumers
            .Select(consumer => consumer.Trouble is { } trouble ? $"{consumer.Group}: {trouble}" : null)
            .Prepend(monitor.Trouble)
            .OfType<string>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await provisioner.EnsureAsync(topicsOfMessages, topicsOfDeadLetters, cancellationToken);
        consumers.ForEach(consumer => consumer.Start());
        monitoring = monitor.Start(consumers, stop.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await Task.WhenAll(consumers.Select(consumer => consumer.StopAsync()).Append(monitoring)).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        stop.Dispose();
        consumers.ForEach(consumer => consumer.Dispose());
    }

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
