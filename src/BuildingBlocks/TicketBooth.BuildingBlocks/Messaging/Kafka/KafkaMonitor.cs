using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Messaging.Kafka;

/// <summary>Asks the brokers every few seconds how far each group lags, and so knows whether they answer.</summary>
internal sealed partial class KafkaMonitor(KafkaConnection connection, KafkaMetrics metrics, TimeProvider clock, ILogger<KafkaMonitor> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(4);

    private string? trouble;

    /// <summary>Why the brokers were not heard of when they were asked last, or null.</summary>
    public string? Trouble => Volatile.Read(ref trouble);

    /// <param name="groups">Each consumer group with its topics.</param>
    public async Task RunAsync(IReadOnlyCollection<(string Group, IReadOnlyList<string> Topics)> groups, CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(connection.For("monitor"))
            .SetErrorHandler((_, error) => LogLine(logger, error.Reason))
            .SetLogHandler((_, line) => LogLine(logger, line.Message))
            .Build();
        while (!cancellationToken.IsCancellationRequested)
        {
            await LookAsync(admin, groups);
            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(IAdminClient admin, IReadOnlyCollection<(string Group, IReadOnlyList<string> Topics)> groups)
    {
        try
        {
            metrics.Lags(await MeasureAsync(admin, groups));
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

    private static async Task<List<KafkaLag>> MeasureAsync(IAdminClient admin, IReadOnlyCollection<(string Group, IReadOnlyList<string> Topics)> groups)
    {
        var metadata = await Task.Run(() => admin.GetMetadata(AnswerWithin));
        var followed = groups.SelectMany(group => group.Topics).ToHashSet(StringComparer.Ordinal);
        var partitions = metadata.Topics
            .Where(topic => followed.Contains(topic.Topic))
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))
            .ToList();
        var ends = await OffsetsAsync(admin, partitions, OffsetSpec.Latest());
        var lags = new List<KafkaLag>();
        foreach (var (group, topics) in groups)
        {
            var committed = await CommittedAsync(admin, group, [.. partitions.Where(partition => topics.Contains(partition.Topic, StringComparer.Ordinal))]);
            lags.AddRange(committed
                .GroupBy(partition => partition.Key.Topic, StringComparer.Ordinal)
                .Select(topic => new KafkaLag(group, topic.Key, topic.Sum(partition => Math.Max(0, ends[partition.Key] - partition.Value)))));
        }

        return lags;
    }

    /// <summary>Where a group stands in each partition: at its beginning when nothing was committed there.</summary>
    private static async Task<Dictionary<TopicPartition, long>> CommittedAsync(IAdminClient admin, string group, List<TopicPartition> partitions)
    {
        var answers = await admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, partitions)], new ListConsumerGroupOffsetsOptions { RequestTimeout = AnswerWithin });
        var offsets = answers.SelectMany(answer => answer.Partitions).ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value);
        var unread = partitions.Where(partition => offsets.GetValueOrDefault(partition, Offset.Unset.Value) < 0).ToList();
        foreach (var (partition, beginning) in await OffsetsAsync(admin, unread, OffsetSpec.Earliest()))
        {
            offsets[partition] = beginning;
        }

        return offsets;
    }

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(IAdminClient admin, List<TopicPartition> partitions, OffsetSpec which)
    {
        if (partitions.Count == 0)
        {
            return [];
        }

        var answer = await admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which }),
            new ListOffsetsOptions { RequestTimeout = AnswerWithin });
        return answer.ResultInfos.ToDictionary(info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka does not answer ({Reason}): messages wait in the outboxes, orders are still accepted")]
    private static partial void LogDoesNotAnswer(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Kafka answers again: messages that waited are on their way")]
    private static partial void LogAnswersAgain(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
