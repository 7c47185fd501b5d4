using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.Health;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>The first offset of a partition that had no effect yet.</summary>
internal readonly record struct KafkaPosition(TopicPartition Partition, long Offset);

/// <summary>
/// One module's membership in its consumer group: gives the records of the partitions it is assigned to the module, and commits an offset only
/// when everything up to it had its effect.
/// </summary>
/// <remarks>
/// One thread polls, and it alone talks to the consumer. It never waits for an effect: a partition whose records take long is paused, and polling
/// goes on, so the membership lasts as long as the process. Whatever ends the consumer itself, another is made.
/// </remarks>
internal sealed partial class KafkaConsumer(
    IMessageDestination module,
    IReadOnlyList<string> subscription,
    KafkaConnection connection,
    KafkaTopics topics,
    KafkaDeadLetterTopic deadLetters,
    KafkaMetrics metrics,
    IOptions<KafkaOptions> options,
    TimeProvider clock,
    ILogger<KafkaConsumer> logger
) : IDisposable
{
    // Of one partition, in hand at once. Pausing costs the better part of a second: this is what the module works on meanwhile.
    private const int Room = 1_024;

    // Of librdkafka's buffer, in KiB; what it holds is fetched again after a pause.
    private const int Prefetch = 8_192;
    private const int SessionTimeout = 10_000;
    private const int CommitInterval = 1_000;

    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SettleEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RoomComes = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan EffectEnds = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CancelledEnds = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TopicPartition, PartitionQueue<Incoming>> lanes = [];
    private readonly SemaphoreSlim sideBySide = new(module.SideBySide);
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? thread;
    private Error? fatal;
    private string? trouble;
    private IReadOnlyList<KafkaPosition> positions = [];

    public string Group => topics.GroupOf(module.Name);

    public IReadOnlyList<string> Subscription => subscription;

    /// <summary>Why the module is given nothing now, or null.</summary>
    public string? Trouble => Volatile.Read(ref trouble);

    /// <summary>How far the module is in each partition that it has here.</summary>
    public IReadOnlyList<KafkaPosition> Positions => Volatile.Read(ref positions);

    /// <summary>Begins to follow the topics; does not wait for a broker.</summary>
    /// <exception cref="OptionsValidationException">The settings make no consumer.</exception>
    public void Start()
    {
        var first = KafkaConnection.Make(Build);
        thread = new Thread(() => Run(first)) { IsBackground = true, Name = "kafka " + module.Name };
        thread.Start();
    }

    /// <summary>Completes when the effects in hand have ended, their offsets are committed and the group knows that this member has left.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        if (thread is not null)
        {
            await ended.Task;
        }
    }

    public void Dispose()
    {
        stop.Dispose();
        sideBySide.Dispose();
    }

    private void Run(IConsumer<byte[], byte[]> first)
    {
        for (var consumer = first; !stop.IsCancellationRequested; consumer = null)
        {
            try
            {
                Follow(consumer ?? Build());
            }
#pragma warning disable CA1031 // a thread that ends here would give the module nothing any more until the next start, and nobody would know
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Volatile.Write(ref trouble, failure.Message);
                LogReplaced(logger, failure, module.Name);
                stop.Token.WaitHandle.WaitOne(Pause);
            }
        }

        ended.SetResult();
    }

    private void Follow(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            fatal = null;
            consumer.Subscribe(subscription);
            var settledAt = Stopwatch.GetTimestamp();
            while (!stop.IsCancellationRequested)
            {
                if (Poll(consumer) is { } record)
                {
                    Take(consumer, record);
                }

                if (Stopwatch.GetElapsedTime(settledAt) >= SettleEvery)
                {
                    Settle(consumer);
                    settledAt = Stopwatch.GetTimestamp();
                }
            }
        }
        finally
        {
            try
            {
                Revoke(consumer, [.. lanes.Keys]);
            }
            finally
            {
                Leave(consumer);
            }
        }
    }

    /// <summary>
    /// Commits and tells the group. Without brokers librdkafka would try to for the better part of a minute; then the group finds out by itself, and
    /// effects whose commit did not arrive are repeated.
    /// </summary>
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
        var isClassic = options.Value.GroupProtocol == GroupProtocol.Classic;
        return new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig(connection.For(module.Name))
            {
                GroupId = Group,
                GroupProtocol = options.Value.GroupProtocol,
                SessionTimeoutMs = isClassic ? SessionTimeout : null,
                PartitionAssignmentStrategy = isClassic ? PartitionAssignmentStrategy.CooperativeSticky : null,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoOffsetStore = false,
                EnableAutoCommit = true,
                AutoCommitIntervalMs = CommitInterval,
                FetchWaitMaxMs = options.Value.FetchWaitMilliseconds,
                QueuedMaxMessagesKbytes = Prefetch,
            }
        ).SetPartitionsAssignedHandler((_, assigned) => OpenLanes(assigned)).SetPartitionsRevokedHandler((member, revoked) => Revoke(member, Here(revoked))).SetPartitionsLostHandler((_, lost) => CloseLanes(Here(lost))).SetLogHandler((_, line) => LogLine(logger, line.Message)).SetErrorHandler((_, error) => Hear(error)).Build();
    }

    /// <summary>Called while the consumer is polled, and by librdkafka, so this must not throw.</summary>
    private void Hear(Error error)
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
            // librdkafka goes on by itself: a topic without a leader, a broker that is gone.
            Volatile.Write(ref trouble, failure.Error.Reason);
            LogPollFailure(logger, failure, module.Name);
            return null;
        }
    }

    private void Take(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> record)
    {
        var lane = lanes[record.TopicPartition];
        var incoming = Incoming.Read(record);
        if (incoming.Entry is { } entry && !module.Accepts(entry))
        {
            lane.Skip(record.Offset.Value);
            metrics.Consumed(module.Name, record.Topic);
            return;
        }

        // What cannot be read has no key to be in order with.
        lane.Take(record.Offset.Value, incoming.Entry?.Key ?? Guid.Empty, incoming);
        if (!lane.IsPaused && !lane.WaitForRoom(Room, RoomComes))
        {
            consumer.Pause([record.TopicPartition]);
            lane.IsPaused = true;
        }
    }

    private void Settle(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var (partition, lane) in lanes)
        {
            Store(consumer, partition, lane);
            if (lane.IsPaused && lane.InHand <= Room / 2)
            {
                consumer.Resume([partition]);
                lane.IsPaused = false;
            }
        }

        // A partition from which nothing has come has nothing, or would have begun to come.
        Volatile.Write(
            ref positions,
            [
                .. lanes
                    .Where(lane => lane.Value.Position is not null)
                    .Select(lane => new KafkaPosition(lane.Key, lane.Value.Position!.Value)),
            ]
        );
    }

    private static void Store(IConsumer<byte[], byte[]> consumer, TopicPartition partition, PartitionQueue<Incoming> lane)
    {
        if (lane.TakeSettled() is { } next)
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
        }
    }

    /// <summary>A member that leaves has closed its lanes before it is told to.</summary>
    private List<TopicPartition> Here(List<TopicPartitionOffset> partitions) =>
        [.. partitions.Select(partition => partition.TopicPartition).Where(lanes.ContainsKey)];

    private void OpenLanes(IEnumerable<TopicPartition> assigned)
    {
        foreach (var partition in assigned)
        {
            lanes.Add(partition, new PartitionQueue<Incoming>(TakeEffectAsync));
        }
    }

    /// <summary>The partitions still belong to this member: what ends now is committed before the next one begins.</summary>
    private void Revoke(IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartition> revoked)
    {
        foreach (var partition in revoked.Where(partition => lanes[partition].IsPaused))
        {
            // librdkafka keeps a partition's pause beyond its assignment.
            consumer.Resume([partition]);
        }

        CloseLanes(revoked, (partition, lane) => Store(consumer, partition, lane));
    }

    private void CloseLanes(IReadOnlyList<TopicPartition> partitions, Action<TopicPartition, PartitionQueue<Incoming>>? last = null)
    {
        var closing = partitions.Select(partition => (Partition: partition, Lane: lanes[partition])).ToList();
        closing.ForEach(each => each.Lane.Close());
        if (!HaveEnded(EffectEnds))
        {
            closing.ForEach(each => each.Lane.Cancel());
            if (!HaveEnded(CancelledEnds))
            {
                LogLeftBehind(logger, module.Name);
            }
        }

        foreach (var (partition, lane) in closing)
        {
            last?.Invoke(partition, lane);
            lanes.Remove(partition);
            lane.Dispose();
        }

        bool HaveEnded(TimeSpan timeout)
        {
            var start = Stopwatch.GetTimestamp();
            return closing.TrueForAll(each => each.Lane.WaitForEnd(timeout - Stopwatch.GetElapsedTime(start)));
        }
    }

    /// <summary>Ends only when the record had its effect, is among the dead letters, or belongs to somebody else.</summary>
    private async Task TakeEffectAsync(Incoming incoming, CancellationToken cancellationToken)
    {
        await sideBySide.WaitAsync(cancellationToken);
        try
        {
            while (!await TryTakeEffectAsync(incoming, cancellationToken))
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
        finally
        {
            sideBySide.Release();
        }

        metrics.Consumed(module.Name, incoming.Record.Topic);
    }

    private async Task<bool> TryTakeEffectAsync(Incoming incoming, CancellationToken cancellationToken)
    {
        try
        {
            if (incoming.Entry is { } entry)
            {
                await module.DeliverAsync(entry, incoming.Source, cancellationToken);
            }
            else
            {
                LogUnreadable(logger, incoming.Record.TopicPartitionOffset, incoming.Problem);
                await deadLetters.PublishAsync(module.Name, incoming.Record, incoming.Problem!, cancellationToken);
            }

            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: passing over the record would lose it.
            LogEffectFailure(logger, failure, incoming.Record.TopicPartitionOffset, module.Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The Kafka consumer of {Module} cannot go on and is replaced")]
    private static partial void LogReplaced(ILogger logger, Exception failure, string module);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Module} cannot be given messages now")]
    private static partial void LogPollFailure(ILogger logger, Exception failure, string module);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Position} cannot be given to {Module} now and will be tried again")]
    private static partial void LogEffectFailure(ILogger logger, Exception failure, TopicPartitionOffset position, string module);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Position} is no message and goes to the dead letters: {Problem}")]
    private static partial void LogUnreadable(ILogger logger, TopicPartitionOffset position, string? problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Consumers of {Module} do not end although they are cancelled; their messages will come again"
    )]
    private static partial void LogLeftBehind(ILogger logger, string module);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The brokers do not hear that {Module} leaves; some of its messages may come again")]
    private static partial void LogNotLeft(ILogger logger, string module);

    // What matters of it is said once, by the monitor; librdkafka says it at every attempt to connect.
    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);

    /// <summary>A record as the module sees it: an entry, or why it is none.</summary>
    private sealed record Incoming(ConsumeResult<byte[], byte[]> Record, OutboxEntry? Entry, string? Problem)
    {
        /// <summary>The outbox that it came from.</summary>
        public string Source => KafkaRecord.Text(Record.Message, KafkaRecord.Outbox) ?? Record.Topic;

        public static Incoming Read(ConsumeResult<byte[], byte[]> record)
        {
            KafkaRecord.TryRead(record.Message, out var entry, out var problem);
            return new Incoming(record, entry, problem);
        }
    }
}
