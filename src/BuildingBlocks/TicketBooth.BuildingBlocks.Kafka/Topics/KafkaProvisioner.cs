using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>Makes sure at the start that the brokers answer and that the topics are there.</summary>
internal sealed partial class KafkaProvisioner(KafkaConnection connection, IOptions<KafkaOptions> options, ILogger<KafkaProvisioner> logger)
{
    // Together less than the 15 s in which a start that cannot work must say so.
    private static readonly TimeSpan BrokersAnswer = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan TopicsAreMade = TimeSpan.FromSeconds(5);

    // Shorter than the time for which inboxes remember messages, so that a group that begins anew repeats nothing that is forgotten.
    private static readonly TimeSpan KeepMessages = TimeSpan.FromDays(30);

    /// <summary>Looks for the topics and makes those that are missing. Any number of hosts may do so at once.</summary>
    /// <exception cref="OptionsValidationException">No broker answers, or topics are missing and cannot be made.</exception>
    public async Task EnsureAsync(
        IReadOnlyCollection<string> messages,
        IReadOnlyCollection<string> deadLetters,
        CancellationToken cancellationToken
    )
    {
        var lastError = new LastError();
        using var admin = KafkaConnection.Make(() =>
            new AdminClientBuilder(connection.For("start"))
                .SetErrorHandler((_, error) => lastError.Reason = error.Reason)
                .SetLogHandler((_, line) => LogLine(logger, line.Message))
                .Build()
        );
        var present = await TopicsAsync(admin, lastError);
        cancellationToken.ThrowIfCancellationRequested();
        var missing = messages
            .Select(topic => Specify(topic, KeepMessages))
            .Concat(deadLetters.Select(topic => Specify(topic, Timeout.InfiniteTimeSpan)))
            .Where(topic => !present.Contains(topic.Name))
            .ToList();
        if (missing.Count > 0)
        {
            await CreateAsync(admin, missing);
        }
    }

    private static async Task<HashSet<string>> TopicsAsync(IAdminClient admin, LastError lastError)
    {
        try
        {
            // Asking for all topics, not for each by its name: that alone would make a topic on brokers that make topics by themselves.
            var metadata = await Task.Run(() => admin.GetMetadata(BrokersAnswer));
            return metadata.Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
        }
        catch (KafkaException failure)
        {
            throw KafkaConnection.Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no broker answered within {BrokersAnswer.TotalSeconds} s ({lastError.Reason ?? failure.Error.Reason})."
                )
            );
        }
    }

    private static async Task CreateAsync(IAdminClient admin, List<TopicSpecification> missing)
    {
        try
        {
            await admin.CreateTopicsAsync(
                missing,
                new CreateTopicsOptions { RequestTimeout = TopicsAreMade, OperationTimeout = TopicsAreMade }
            );
        }
        catch (CreateTopicsException failure)
        {
            // Another host that starts may have been first.
            var failed = failure
                .Results.Where(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists)
                .ToList();
            if (failed.Count > 0)
            {
                throw CannotMake(failed.Select(result => result.Topic), failed[0].Error.Reason);
            }
        }
        catch (KafkaException failure)
        {
            throw CannotMake(missing.Select(topic => topic.Name), failure.Error.Reason);
        }
    }

    private static OptionsValidationException CannotMake(IEnumerable<string> topics, string why) =>
        KafkaConnection.Refuse(
            $"the topics {string.Join(", ", topics)} are missing and could not be made ({why}). Make them by hand, or allow this user to."
        );

    private TopicSpecification Specify(string topic, TimeSpan keep)
    {
        const short BrokersDefault = -1;
        var settings = options.Value;
        var configs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["retention.ms"] = keep == Timeout.InfiniteTimeSpan ? "-1" : keep.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        };
        if (settings.Replication > 2)
        {
            // An acknowledged record survives the loss of any one broker, and the loss of one stops nothing.
            configs["min.insync.replicas"] = (settings.Replication - 1).ToString(CultureInfo.InvariantCulture);
        }

        return new TopicSpecification
        {
            Name = topic,
            NumPartitions = settings.Partitions,
            ReplicationFactor = settings.Replication == 0 ? BrokersDefault : (short)settings.Replication,
            Configs = configs,
        };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);

    /// <summary>librdkafka says on another thread what GetMetadata calls a time-out.</summary>
    private sealed class LastError
    {
        private string? reason;

        public string? Reason
        {
            get => Volatile.Read(ref reason);
            set => Volatile.Write(ref reason, value);
        }
    }
}
