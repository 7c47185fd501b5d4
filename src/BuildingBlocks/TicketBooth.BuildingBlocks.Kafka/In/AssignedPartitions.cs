using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>The first offset of a partition that is not processed yet.</summary>
internal readonly record struct KafkaPosition(TopicPartition Partition, long Offset);

/// <summary>The partitions that are assigned to one member of a consumer group, each with a queue of the records under way.</summary>
/// <remarks>Only the thread that polls uses it; <see cref="Positions"/> is for every thread.</remarks>
internal sealed partial class AssignedPartitions(IMessageDestination module, RecordDelivery delivery, KafkaMetrics metrics, ILogger logger)
{
    // How many records of one partition may be in flight. Pausing a partition costs almost a second: this is the module's work meanwhile.
    private const int Capacity = 1_024;

    private static readonly TimeSpan WaitForCapacity = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CancelWithin = TimeSpan.FromSeconds(8);

    private readonly Dictionary<TopicPartition, PartitionQueue<IncomingRecord>> queues = [];
    private IReadOnlyList<KafkaPosition> positions = [];

    /// <summary>How far the module is in each of them.</summary>
    public IReadOnlyList<KafkaPosition> Positions => Volatile.Read(ref positions);

    public void Assign(IEnumerable<TopicPartition> assigned)
    {
        foreach (var partition in assigned)
        {
            queues.Add(partition, new PartitionQueue<IncomingRecord>(delivery.DeliverAsync));
        }
    }

    /// <summary>Queues a record for the module, and pauses its partition when too many are in flight.</summary>
    public void Enqueue(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> record)
    {
        var queue = queues[record.TopicPartition];
        var incoming = IncomingRecord.Read(record);
        if (incoming.Entry is { } entry && !module.Accepts(entry))
        {
            queue.Skip(record.Offset.Value);
            metrics.Consumed(module.Name, record.Topic);
            return;
        }

        // A record that cannot be read has no key to be in order with.
        queue.Enqueue(record.Offset.Value, incoming.Entry?.Key ?? Guid.Empty, incoming);
        if (!queue.IsPaused && !queue.WaitForCapacity(Capacity, WaitForCapacity))
        {
            consumer.Pause([record.TopicPartition]);
            queue.IsPaused = true;
        }
    }

    /// <summary>
    /// Hands the offsets of processed records to the consumer for its next commit, and resumes partitions that have capacity again.
    /// </summary>
    public void StoreOffsets(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var (partition, queue) in queues)
        {
            StoreOffset(consumer, partition, queue);
            if (queue.IsPaused && queue.InFlight <= Capacity / 2)
            {
                consumer.Resume([partition]);
                queue.IsPaused = false;
            }
        }

        // A partition without a position has delivered no record yet, so it is empty or not being read yet.
        Volatile.Write(
            ref positions,
            [
                .. queues
                    .Where(queue => queue.Value.Position is not null)
                    .Select(queue => new KafkaPosition(queue.Key, queue.Value.Position!.Value)),
            ]
        );
    }

    /// <summary>The partitions still belong to this member: what finishes now is committed before the next member begins.</summary>
    public void Revoke(IConsumer<byte[], byte[]> consumer, IEnumerable<TopicPartition> revoked)
    {
        var mine = Mine(revoked);
        foreach (var partition in mine.Where(partition => queues[partition].IsPaused))
        {
            // librdkafka keeps a partition paused beyond its assignment.
            consumer.Resume([partition]);
        }

        Close(mine, (partition, queue) => StoreOffset(consumer, partition, queue));
    }

    /// <summary>As <see cref="Revoke"/>, for every partition: the member is about to leave its group.</summary>
    public void RevokeAll(IConsumer<byte[], byte[]> consumer) => Revoke(consumer, queues.Keys);

    /// <summary>The partitions belong to another member already, so nothing can be committed.</summary>
    public void Lose(IEnumerable<TopicPartition> lost) => Close(Mine(lost));

    private static void StoreOffset(IConsumer<byte[], byte[]> consumer, TopicPartition partition, PartitionQueue<IncomingRecord> queue)
    {
        if (queue.TakeProcessed() is { } next)
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
        }
    }

    /// <remarks>A member that leaves has closed its queues before librdkafka tells it to.</remarks>
    private List<TopicPartition> Mine(IEnumerable<TopicPartition> partitions) => [.. partitions.Where(queues.ContainsKey)];

    private void Close(List<TopicPartition> partitions, Action<TopicPartition, PartitionQueue<IncomingRecord>>? beforeRemoval = null)
    {
        var closing = partitions.ConvertAll(partition => (Partition: partition, Queue: queues[partition]));
        closing.ForEach(each => each.Queue.Close());
        if (!HaveFinished(FinishWithin))
        {
            closing.ForEach(each => each.Queue.Cancel());
            if (!HaveFinished(CancelWithin))
            {
                LogLeftBehind(logger, module.Name);
            }
        }

        foreach (var (partition, queue) in closing)
        {
            beforeRemoval?.Invoke(partition, queue);
            queues.Remove(partition);
            queue.Dispose();
        }

        bool HaveFinished(TimeSpan timeout)
        {
            var start = Stopwatch.GetTimestamp();
            return closing.TrueForAll(each => each.Queue.WaitForEnd(timeout - Stopwatch.GetElapsedTime(start)));
        }
    }

    [LoggerMessage(
        EventId = 1410,
        Level = LogLevel.Warning,
        Message = "Consumers of {Module} do not end although they are canceled; their messages will be delivered again"
    )]
    private static partial void LogLeftBehind(ILogger logger, string module);
}
