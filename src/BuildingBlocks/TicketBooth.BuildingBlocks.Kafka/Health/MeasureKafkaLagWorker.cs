using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Kafka.Health;

/// <summary>Checks every few seconds whether the brokers answer, and measures how far this host's modules are behind.</summary>
/// <remarks>
/// librdkafka's admin requests would return the lag of a whole group at once, but they end the process with a failed assertion when a
/// broker goes away during one (seen with 2.16). The requests made here are those that every consumer makes.
/// </remarks>
internal sealed partial class MeasureKafkaLagWorker(
    KafkaConnection connection,
    KafkaTopics topics,
    KafkaConsumers consumers,
    KafkaMetrics metrics,
    IOptions<KafkaOptions> options,
    ILogger<MeasureKafkaLagWorker> logger,
    WorkServices services
) : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(5)) { StartsAtOnce = true }, services)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    private IConsumer<byte[], byte[]>? client;
    private IAdminClient? admin;
    private Task measuring = Task.CompletedTask;
    private string? trouble;

    /// <summary>Why the brokers did not answer the last request, or null when they did.</summary>
    public string? Trouble => Volatile.Read(ref trouble);

    /// <exception cref="OptionsValidationException">No client can be created from the settings.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        client = KafkaConnection.Make(Build);
        admin = new DependentAdminClientBuilder(client.Handle).Build();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Also waits for the request under way: closing the client during one would end the process.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await measuring.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <remarks>The service provider calls it twice: for the worker, and for the hosted service.</remarks>
    public override void Dispose()
    {
        if (measuring.IsCompleted)
        {
            Interlocked.Exchange(ref admin, null)?.Dispose();
            Interlocked.Exchange(ref client, null)?.Dispose();
        }

        base.Dispose();
    }

    /// <remarks>The requests block and cannot be canceled, so the round only waits for them.</remarks>
    protected override Task RunRoundAsync(CancellationToken cancellationToken)
    {
        if (measuring.IsCompleted)
        {
            measuring = Task.Run(Measure, CancellationToken.None);
        }

        return measuring.WaitAsync(cancellationToken);
    }

    /// <summary>A consumer that never subscribes and so joins no group. Its configuration must name a group all the same.</summary>
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

    private void Measure()
    {
        try
        {
            // Separate from the lag, because this host may consume no partition.
            admin!.GetMetadata(RequestTimeout);
            metrics.Lags([.. consumers.All.SelectMany(LagsOf)]);
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

    private IEnumerable<KafkaLag> LagsOf(KafkaConsumer consumer) =>
        consumer
            .Positions.GroupBy(position => position.Partition.Topic, StringComparer.Ordinal)
            .Select(topic => new KafkaLag(consumer.Group, topic.Key, topic.Sum(LagOf)));

    private long LagOf(KafkaPosition position) =>
        Math.Max(0, client!.QueryWatermarkOffsets(position.Partition, RequestTimeout).High.Value - position.Offset);

    [LoggerMessage(
        EventId = 1430,
        Level = LogLevel.Warning,
        Message = "Kafka does not answer ({Reason}): messages wait in the outboxes, orders are still accepted"
    )]
    private static partial void LogDoesNotAnswer(ILogger logger, string reason);

    [LoggerMessage(EventId = 1431, Level = LogLevel.Information, Message = "Kafka answers again: waiting messages are being delivered")]
    private static partial void LogAnswersAgain(ILogger logger);

    [LoggerMessage(EventId = 1432, Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
