using System.Text;
using Confluent.Kafka;
using TicketBooth.KafkaMock;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

/// <summary>What another program does on the brokers.</summary>
internal static class KafkaTool
{
    /// <summary>The protocol's number of a kind of request that may be made to fail.</summary>
    public const short Produce = 0;

    public static async Task ProduceAsync(MockKafkaCluster cluster, string topic, params IEnumerable<Message<byte[], byte[]>> records)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = cluster.Bootstrap }).Build();
        foreach (var record in records)
        {
            await producer.ProduceAsync(topic, record);
        }
    }

    /// <summary>The first records of a topic with one partition.</summary>
    public static List<Message<byte[], byte[]>> Read(MockKafkaCluster cluster, string topic, int count)
    {
        using var consumer = Reader(cluster, "reader");
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return [.. Enumerable.Range(0, count).Select(_ => consumer.Consume(deadline.Token).Message)];
    }

    /// <summary>How many records a topic with one partition holds.</summary>
    public static long Count(MockKafkaCluster cluster, string topic)
    {
        using var consumer = Reader(cluster, "reader");
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromMinutes(1)).High.Value;
    }

    /// <summary>Where a group begins in a partition when it is started again.</summary>
    public static long Committed(MockKafkaCluster cluster, string group, string topic, int partition = 0)
    {
        using var consumer = Reader(cluster, group);
        return consumer.Committed([new TopicPartition(topic, partition)], TimeSpan.FromMinutes(1)).Single().Offset.Value;
    }

    public static string? Text(this Message<byte[], byte[]> record, string header) =>
        record.Headers.TryGetLastBytes(header, out var value) ? Encoding.UTF8.GetString(value) : null;

    private static IConsumer<byte[], byte[]> Reader(MockKafkaCluster cluster, string group) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = cluster.Bootstrap, GroupId = group, FetchWaitMaxMs = 10 }).Build();
}
