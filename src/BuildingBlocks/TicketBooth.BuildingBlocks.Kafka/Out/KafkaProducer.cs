using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka.Topics;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>The one producer of this process: idempotent, acknowledged by all in-sync replicas. Created on first use.</summary>
internal sealed partial class KafkaProducer(KafkaConnection connection, ILogger<KafkaProducer> logger) : IAsyncDisposable
{
    // How long librdkafka retries by itself, across reconnects and new leaders, before the call fails.
    private const int GiveUpAfter = 15_000;
    private const int AnswerWithin = 5_000;

    // The relay waits for the acknowledgement of an entry before it sends the next of that key, so a longer linger is latency.
    private const double Linger = 0.5;

    private readonly Lock gate = new();
    private readonly List<Task> retired = [];
    private IProducer<byte[], byte[]>? current;

    /// <summary>Completes when the record is stored. After a failure it may be stored or not: produce it again.</summary>
    public Task ProduceAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellationToken) =>
        Current().ProduceAsync(topic, message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (current is { } producer)
        {
            // The relay has stopped, so no call waits for an acknowledgement.
            await Task.Run(producer.Dispose);
        }

        await Task.WhenAll(retired);
    }

    private IProducer<byte[], byte[]> Current()
    {
        lock (gate)
        {
            return current ??= Build();
        }
    }

    private IProducer<byte[], byte[]> Build()
    {
        var config = new ProducerConfig(connection.For("outbox"))
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            CompressionType = CompressionType.Lz4,
            LingerMs = Linger,
            MessageTimeoutMs = GiveUpAfter,
            RequestTimeoutMs = AnswerWithin,
            SocketTimeoutMs = 2 * AnswerWithin,

            // As the Java clients do, so that other producers put the same key into the same partition.
            Partitioner = Partitioner.Murmur2Random,
        };
        return new ProducerBuilder<byte[], byte[]>(config)
            .SetLogHandler((_, line) => LogLine(logger, line.Message))
            .SetErrorHandler(OnError)
            .Build();
    }

    private void OnError(IProducer<byte[], byte[]> producer, Error error)
    {
        if (!error.IsFatal)
        {
            LogLine(logger, error.Reason);
            return;
        }

        // It will never produce again. The exceptions of its callers do not say so; they retry, and get a new producer.
        LogFatal(logger, error.Reason);
        Retire(producer);
    }

    private void Retire(IProducer<byte[], byte[]> producer)
    {
        lock (gate)
        {
            if (current != producer)
            {
                return;
            }

            current = null;
            retired.Add(
                Task.Run(() =>
                {
                    // Others may still wait for acknowledgements, which are lost with the producer.
                    producer.Flush(TimeSpan.FromMilliseconds(AnswerWithin));
                    producer.Dispose();
                })
            );
        }
    }

    [LoggerMessage(EventId = 1450, Level = LogLevel.Error, Message = "The Kafka producer failed and is replaced: {Reason}")]
    private static partial void LogFatal(ILogger logger, string reason);

    // MeasureKafkaLagWorker reports once what matters of it; librdkafka repeats it at every attempt to connect.
    [LoggerMessage(EventId = 1451, Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
