using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Kafka.Health;

/// <summary>Asks the brokers every few seconds whether they are there, and how much of what they hold this host's modules have not been given.</summary>
/// <remarks>
/// librdkafka's admin requests would tell a whole group's lag at once, and end the process with a failed assertion when a broker goes away while
/// one is under way (seen with 2.16). What is asked here is what every consumer asks.
/// </remarks>
internal sealed partial class KafkaMonitor(
    KafkaConnection connection,
    KafkaTopics topics,
    KafkaMetrics metrics,
    IOptions<KafkaOptions> options,
    TimeProvider clock,
    ILogger<KafkaMonitor> logger
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private string? trouble;

    /// <summary>Why the brokers were not heard of when they were asked last, or null.</summary>
    public string? Trouble => Volatile.Read(ref trouble);

    /// <returns>Ends soon after it is cancelled, and not before.</returns>
    /// <exception cref="OptionsValidationException">The settings make no client.</exception>
    public Task Start(IReadOnlyCollection<KafkaConsumer> consumers, CancellationToken cancellationToken)
    {
        var client = KafkaConnection.Make(Build);
        return Task.Run(() => RunAsync(client, consumers, cancellationToken), CancellationToken.None);
    }

    private async Task RunAsync(
        IConsumer<byte[], byte[]> client,
        IReadOnlyCollection<KafkaConsumer> consumers,
        CancellationToken cancellationToken
    )
    {
        using (client)
        {
            using var admin = new DependentAdminClientBuilder(client.Handle).Build();
            while (!cancellationToken.IsCancellationRequested)
            {
                Look(client, admin, consumers);
                await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A consumer that never subscribes, so it is a member of no group; it wants the name of one all the same.</summary>
    private IConsumer<byte[], byte[]> Build() =>
        new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig(connection.For("monitor"))
            {
                GroupId = topics.GroupOf("monitor"),
                GroupProtocol = options.Value.GroupProtocol,
            }
        )
            .SetErrorHandler((_, error) => LogLine(logger, error.Reason))
            .SetLogHandler((_, line) => LogLine(logger, line.Message))
            .Build();

    private void Look(IConsumer<byte[], byte[]> client, IAdminClient admin, IReadOnlyCollection<KafkaConsumer> consumers)
    {
        try
        {
            // A host may have no partition to ask about.
            admin.GetMetadata(AnswerWithin);
            metrics.Lags([.. consumers.SelectMany(consumer => Measure(client, consumer))]);
            if (Interlocked.Exchange(ref trouble, null) is not null)
            {
                LogAnswersAgain(logger);
            }
        }
        catch (KafkaException failure)
        {
            if (Interlocked.Exchange(ref trouble, failure.Error.Reason) is null)
            {
                LogDoesNotAnswer(logger, failure.Error.Reason);
            }
        }
    }

    private static IEnumerable<KafkaLag> Measure(IConsumer<byte[], byte[]> client, KafkaConsumer consumer) =>
        consumer
            .Positions.GroupBy(position => position.Partition.Topic, StringComparer.Ordinal)
            .Select(topic => new KafkaLag(consumer.Group, topic.Key, topic.Sum(position => Lag(client, position))));

    private static long Lag(IConsumer<byte[], byte[]> client, KafkaPosition position) =>
        Math.Max(0, client.QueryWatermarkOffsets(position.Partition, AnswerWithin).High.Value - position.Offset);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Kafka does not answer ({Reason}): messages wait in the outboxes, orders are still accepted"
    )]
    private static partial void LogDoesNotAnswer(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Kafka answers again: messages that waited are on their way")]
    private static partial void LogAnswersAgain(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
