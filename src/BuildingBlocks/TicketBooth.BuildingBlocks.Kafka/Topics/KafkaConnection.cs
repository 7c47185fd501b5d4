using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>The connection settings of every Kafka client of this process.</summary>
internal sealed class KafkaConnection(IConfiguration configuration, IOptions<KafkaOptions> options)
{
    /// <summary>The setting that names the brokers.</summary>
    public const string Setting = "ConnectionStrings:Kafka";

    // librdkafka's default of 10 s would leave a broker that is back unused for that long.
    private const int LongestReconnectPause = 2_000;

    /// <summary>Whether Kafka is configured.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[Setting]);

    /// <summary>New properties for a client. The caller may change them.</summary>
    /// <param name="role">What the client does, for the broker's logs and quotas.</param>
    public ClientConfig For(string role) =>
        new(new Dictionary<string, string>(options.Value.Client, StringComparer.Ordinal))
        {
            BootstrapServers = configuration[Setting],
            ClientId = "ticketbooth-" + role,
            ReconnectBackoffMaxMs = LongestReconnectPause,
            LogConnectionClose = false,
        };

    /// <summary>Creates a client at start. Properties that it rejects stop the start with an error that names them.</summary>
    public static T Make<T>(Func<T> client)
    {
        try
        {
            return client();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw Refuse($"no client can be created from this and the settings under Kafka:Client: {wrong.Message}");
        }
    }

    /// <summary>The error that stops the start.</summary>
    /// <param name="why">For the person who starts the host. Without the setting's value, which may contain secrets.</param>
    public static OptionsValidationException Refuse(string why) => new(Setting, typeof(KafkaOptions), [$"{Setting}: {why}"]);
}
