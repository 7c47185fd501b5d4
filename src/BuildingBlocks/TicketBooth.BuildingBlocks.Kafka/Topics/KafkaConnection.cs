using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>How every client of this process reaches the brokers.</summary>
internal sealed class KafkaConnection(IConfiguration configuration, IOptions<KafkaOptions> options)
{
    /// <summary>The setting that switches Kafka on.</summary>
    public const string Setting = "ConnectionStrings:Kafka";

    // librdkafka's own 10 s would leave a broker that is back unused for that long.
    private const int LongestReconnectPause = 2_000;

    /// <summary>Whether the setting is there.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[Setting]);

    /// <summary>Properties for one more client. The caller may change them.</summary>
    /// <param name="role">What the client does here, for the broker's logs and quotas.</param>
    public ClientConfig For(string role) =>
        new(new Dictionary<string, string>(options.Value.Client, StringComparer.Ordinal))
        {
            BootstrapServers = configuration[Setting],
            ClientId = "ticketbooth-" + role,
            ReconnectBackoffMaxMs = LongestReconnectPause,
            LogConnectionClose = false,
        };

    /// <summary>Makes a client at the start, where properties that it does not know are an error to name.</summary>
    public static T Make<T>(Func<T> client)
    {
        try
        {
            return client();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw Refuse($"this, with what stands under Kafka:Client, makes no client: {wrong.Message}");
        }
    }

    /// <summary>The error that stops the start.</summary>
    /// <param name="why">For the person who starts the host: without the setting's value, which may hold secrets.</param>
    public static OptionsValidationException Refuse(string why) => new(Setting, typeof(KafkaOptions), [$"{Setting}: {why}"]);
}
