using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>Ensures at start that the brokers answer and that the topics exist.</summary>
internal sealed partial class KafkaProvisioner(KafkaConnection connection, IOptions<KafkaOptions> options, ILogger<KafkaProvisioner> logger)
{
    // Together less than the 15 s within which a start must fail when it cannot succeed.
    private static readonly TimeSpan BrokerTimeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromSeconds(5);

    // Shorter than the time for which inboxes keep messages, so that a group that starts over applies no message twice.
    private static readonly TimeSpan KeepMessages = TimeSpan.FromDays(30);

    /// <summary>Changes nothing.</summary>
    /// <exception cref="OptionsValidationException">No broker answers.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var lastError = new LastError();
        using var admin = Connect(lastError);
        await TopicsAsync(admin, lastError);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Creates the topics that are missing. Any number of hosts may do so at once.</summary>
    /// <exception cref="OptionsValidationException">No broker answers, or topics are missing and cannot be created.</exception>
    public async Task EnsureAsync(
        IReadOnlyCollection<string> messages,
        IReadOnlyCollection<string> deadLetters,
        CancellationToken cancellationToken
    )
    {
        var lastError = new LastError();
        using var admin = Connect(lastError);
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

    private IAdminClient Connect(LastError lastError) =>
        KafkaConnection.Make(() =>
            new AdminClientBuilder(connection.For("start"))
                .SetErrorHandler((_, error) => lastError.Reason = error.Reason)
                .SetLogHandler((_, line) => LogLine(logger, line.Message))
                .Build()
        );

    private static async Task<HashSet<string>> TopicsAsync(IAdminClient admin, LastError lastError)
    {
        try
        {
            // All topics, and not each by its name: brokers with automatic topic creation would create a topic that is queried by name.
            var metadata = await Task.Run(() => admin.GetMetadata(BrokerTimeout));
            return metadata.Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
        }
        catch (KafkaException failure)
        {
            throw KafkaConnection.Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no broker answered within {BrokerTimeout.TotalSeconds} s ({lastError.Reason ?? failure.Error.Reason})."
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
                new CreateTopicsOptions { RequestTimeout = CreationTimeout, OperationTimeout = CreationTimeout }
            );
        }
        catch (CreateTopicsException failure)
        {
            // Another host that is starting may have been first.
            var failed = failure
                .Results.Where(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists)
                .ToList();
            if (failed.Count > 0)
            {
                throw CannotCreate(failed.Select(result => result.Topic), failed[0].Error.Reason);
            }
        }
        catch (KafkaException failure)
        {
            throw CannotCreate(missing.Select(topic => topic.Name), failure.Error.Reason);
        }
    }

    private static OptionsValidationException CannotCreate(IEnumerable<string> topics, string why) =>
        KafkaConnection.Refuse(
            $"the topics {string.Join(", ", topics)} are missing and could not be created ({why}). "
                + "Create them by hand, or allow this user to create them."
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
            // An acknowledged record survives the loss of any one broker, and production continues without that broker.
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

    [LoggerMessage(EventId = 1460, Level = LogLevel.Debug, Message = "librdkafka: {Line}")]
    private static partial void LogLine(ILogger logger, string line);

    /// <summary>Why GetMetadata timed out: librdkafka reports the reason on another thread.</summary>
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
