using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka.Topics;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>The one producer of this process: idempotent, acknowledged by all replicas in sync. Made when it is first needed.</summary>
internal sealed partial class KafkaProducer(KafkaConnection connection, ILogger<KafkaProducer> logger) : IAsyncDisposable
{
    // How long librdkafka tries by itself, across reconnects and new leaders, before the caller hears of it.
    private const int GiveUpAfter = 15_000;
    private const int AnswerWithin = 5_000;

    // The relay waits for one entry's acknowledgement before it gives the next of that key: what lingers here is latency.
    private const double Linger = 0.5;

    private readonly Lock gate = new();
    private readonly List<Task> retired = [];
    private IProducer<byte[], byte[]>? current;

    /// <summary>Completes when the record is stored. A failure does not mean that it is not: produce it again.</summary>
    public Task ProduceAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellationToken) =>
        Current().ProduceAsync(topic, message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (current is { } producer)
        {
            // The relay has stopped, so nobody waits for an answer.
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

    private IProducer<byte[], byte[]> Build() => new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig(connection.For("outbox"))
            {
                EnableIdempotence = true,
                Acks = Acks.All,
                CompressionType = CompressionType.Lz4,
                LingerMs = Linger,
                MessageTimeoutMs = GiveUpAfter,
                RequestTimeoutMs = AnswerWithin,
                SocketTimeoutMs = 2 * AnswerWithin,

                // The Java clients' way, so that whoever else produces a key puts it into the same partition.
                Partitioner = Partitioner.Murmur2Random,
            }
        ).SetLogHandler((_, line) => LogLine(logger, line.Message)).SetErrorHandler(Hear).Build();

    private void Hear(IProducer<byte[], byte[]> producer, Error error)
    {
        if (!error.IsFatal)
        {
            LogLine(logger, error.Reason);
            return;
        }

        // It will never produce again, which the failures that callers see do not say. They come back, and get a new one.
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
                    // Others may still wait for their records' answers, which die with the producer.
                    producer.Flush(TimeSpan.FromMilliseconds(AnswerWithin));
                    producer.Dispose();
                })
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The Kafka producer cannot go on and is replaced: {Reason}")]
    private static partial void LogFatal(ILogger logger, string reason);

    // What matters of it is said once, by the monitor; librdkafka says it at every attempt to connect.
    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
