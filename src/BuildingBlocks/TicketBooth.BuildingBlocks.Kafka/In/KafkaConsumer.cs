using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>
/// One module's membership in its consumer group: polls the partitions that are assigned to it, and commits an offset only when every
/// record before it is processed.
/// </summary>
/// <remarks>
/// One thread polls, and only that thread uses the client. It never waits until a record is processed: a partition with slow records is
/// paused while polling continues, so the membership lasts as long as the process. When the client itself fails, a new one replaces it.
/// </remarks>
internal sealed partial class KafkaConsumer(
    string group,
    IReadOnlyList<string> subscription,
    IMessageDestination module,
    RecordDelivery delivery,
    KafkaMetrics metrics,
    KafkaConnection connection,
    KafkaOptions options,
    TimeProvider clock,
    ILogger logger
) : IDisposable
{
    // Of librdkafka's buffer, in KiB. A pause discards the buffer, and its content is fetched again.
    private const int Prefetch = 8_192;
    private const int SessionTimeout = 10_000;
    private const int CommitInterval = 1_000;

    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StoreOffsetsEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    private readonly AssignedPartitions partitions = new(module, delivery, metrics, logger);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private Error? fatal;
    private string? trouble;

    public string Group => group;

    /// <summary>The topics that it consumes.</summary>
    public IReadOnlyList<string> Subscription => subscription;

    /// <summary>Why the module gets no messages now, or null when it does.</summary>
    public string? Trouble => Volatile.Read(ref trouble);

    /// <summary>How far the module is in each partition that is assigned to this host.</summary>
    public IReadOnlyList<KafkaPosition> Positions => partitions.Positions;

    /// <summary>Begins to consume; does not wait for a broker.</summary>
    /// <exception cref="OptionsValidationException">No client can be created from the settings.</exception>
    public void Start() => running = RunAsync(KafkaConnection.Make(Build));

    /// <summary>
    /// Completes when the records in flight are processed, their offsets are committed and the member has left its group.
    /// </summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    public void Dispose() => stop.Dispose();

    private async Task RunAsync(IConsumer<byte[], byte[]> first)
    {
        for (var client = first; !stop.IsCancellationRequested; client = null)
        {
            var current = client;
            var following = Task.Factory.StartNew(
                () => Follow(current ?? Build()),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (following.Exception?.InnerException is { } failure)
            {
                Volatile.Write(ref trouble, failure.Message);
                LogReplaced(logger, failure, module.Name);
                await Task.Delay(RestartPause, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Polls until the host stops or the client fails. Has a thread of its own, because polling blocks.</summary>
    private void Follow(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            fatal = null;
            consumer.Subscribe(subscription);
            var storedAt = Stopwatch.GetTimestamp();
            while (!stop.IsCancellationRequested)
            {
                if (Poll(consumer) is { } record)
                {
                    partitions.Enqueue(consumer, record);
                }

                if (Stopwatch.GetElapsedTime(storedAt) >= StoreOffsetsEvery)
                {
                    partitions.StoreOffsets(consumer);
                    storedAt = Stopwatch.GetTimestamp();
                }
            }
        }
        finally
        {
            try
            {
                partitions.RevokeAll(consumer);
            }
            finally
            {
                Leave(consumer);
            }
        }
    }

    /// <summary>Commits and leaves the group.</summary>
    /// <remarks>
    /// Without brokers librdkafka would keep trying for most of a minute. It is not waited for that long: the group then notices by
    /// itself, and messages whose offset was not committed are delivered again.
    /// </remarks>
    private void Leave(IConsumer<byte[], byte[]> consumer)
    {
        var leaving = Task.Run(() =>
        {
            consumer.Close();
            consumer.Dispose();
        });
        if (Task.WaitAny([leaving], LeaveWithin) < 0)
        {
            LogNotLeft(logger, module.Name);
        }
    }

    private IConsumer<byte[], byte[]> Build()
    {
        var isClassic = options.GroupProtocol == GroupProtocol.Classic;
        var config = new ConsumerConfig(connection.For(module.Name))
        {
            GroupId = Group,
            GroupProtocol = options.GroupProtocol,
            SessionTimeoutMs = isClassic ? SessionTimeout : null,
            PartitionAssignmentStrategy = isClassic ? PartitionAssignmentStrategy.CooperativeSticky : null,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = CommitInterval,
            FetchWaitMaxMs = options.FetchWaitMilliseconds,
            QueuedMaxMessagesKbytes = Prefetch,
        };
        return new ConsumerBuilder<byte[], byte[]>(config)
            .SetPartitionsAssignedHandler((_, assigned) => partitions.Assign(assigned))
            .SetPartitionsRevokedHandler(
                (member, revoked) => partitions.Revoke(member, revoked.Select(partition => partition.TopicPartition))
            )
            .SetPartitionsLostHandler((_, lost) => partitions.Lose(lost.Select(partition => partition.TopicPartition)))
            .SetLogHandler((_, line) => LogLine(logger, line.Message))
            .SetErrorHandler((_, error) => OnError(error))
            .Build();
    }

    /// <summary>Called during a poll, and by librdkafka itself, so it must not throw.</summary>
    private void OnError(Error error)
    {
        LogLine(logger, error.Reason);
        if (error.IsFatal)
        {
            fatal = error;
        }
    }

    private ConsumeResult<byte[], byte[]>? Poll(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            var record = consumer.Consume(PollFor);
            if (fatal is not null)
            {
                throw new KafkaException(fatal);
            }

            Volatile.Write(ref trouble, null);
            return record;
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            // librdkafka recovers by itself, for example from a topic without a leader or a broker that is gone.
            Volatile.Write(ref trouble, failure.Error.Reason);
            LogPollFailure(logger, failure, module.Name);
            return null;
        }
    }

    [LoggerMessage(EventId = 1400, Level = LogLevel.Error, Message = "The Kafka consumer of {Module} failed and is replaced")]
    private static partial void LogReplaced(ILogger logger, Exception failure, string module);

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "{Module} gets no messages from Kafka now")]
    private static partial void LogPollFailure(ILogger logger, Exception failure, string module);

    [LoggerMessage(
        EventId = 1402,
        Level = LogLevel.Warning,
        Message = "{Module} could not tell the brokers that it leaves its group; some of its messages may be delivered again"
    )]
    private static partial void LogNotLeft(ILogger logger, string module);

    // MeasureKafkaLagWorker reports once what matters of it; librdkafka repeats it at every attempt to connect.
    [LoggerMessage(EventId = 1403, Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
