using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

/// <summary>librdkafka's own mock cluster in this process: speaks Kafka's protocol on 127.0.0.1, in memory, and fails on request.</summary>
internal sealed class MockKafkaCluster : IDisposable
{
    public const short Produce = 0;

    private const int AllBrokers = -1;
    private const string Native = "ticketbooth-librdkafka";

    private nint client;
    private nint cluster;

    static MockKafkaCluster() => NativeLibrary.SetDllImportResolver(typeof(MockKafkaCluster).Assembly, Resolve);

    public MockKafkaCluster(int brokers = 1)
    {
        const int Producer = 0;
        var error = new byte[512];
        var configuration = rd_kafka_conf_new();

        // This client only carries the cluster; it would warn that it has no brokers.
        var known = rd_kafka_conf_set(configuration, "log_level", "3", error, (nuint)error.Length);
        client = rd_kafka_new(Producer, configuration, error, (nuint)error.Length);
        if (known != 0 || client == 0)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        }

        cluster = rd_kafka_mock_cluster_new(client, brokers);
        BootstrapServers = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(cluster))!;

        // The mock's own 3 s make every change in a group take half a minute.
        rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(cluster, 100);
        rd_kafka_mock_set_group_consumer_session_timeout_ms(cluster, 3_000);
    }

    public string BootstrapServers { get; }

    public void CreateTopic(string topic, int partitions = 1) => Check(rd_kafka_mock_topic_create(cluster, topic, partitions, 1));

    public void Down() => Check(rd_kafka_mock_broker_set_down(cluster, AllBrokers));

    public void Up() => Check(rd_kafka_mock_broker_set_up(cluster, AllBrokers));

    public void LeadBy(int broker, string topic, int partition) => Check(rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker));

    public void CoordinateBy(int broker, string group) => Check(rd_kafka_mock_coordinator_set(cluster, "group", group, broker));

    /// <summary>The next requests of a kind fail, one after the other, with these errors.</summary>
    public void FailNext(short request, params ErrorCode[] errors) =>
        rd_kafka_mock_push_request_errors_array(cluster, request, (nuint)errors.Length, [.. errors.Select(error => (int)error)]);

    public void Dispose()
    {
        if (cluster != 0)
        {
            rd_kafka_mock_cluster_destroy(cluster);
            rd_kafka_destroy(client);
            cluster = client = 0;
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException("The mock cluster says " + (ErrorCode)error);
        }
    }

    /// <summary>The library that Confluent.Kafka itself has loaded: with GSSAPI where libsasl2 is at hand, else without.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Native)
        {
            return 0;
        }

        foreach (var candidate in new[] { "librdkafka", "centos8-librdkafka", "alpine-librdkafka" })
        {
            if (NativeLibrary.TryLoad(candidate, typeof(Library).Assembly, path, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

#pragma warning disable IDE1006, SYSLIB1054, CA2101 // librdkafka's names; generated marshalling would need unsafe code; the strings say that they are UTF-8
    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint rd_kafka_conf_new();

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rd_kafka_conf_set(
        nint configuration, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, byte[] error, nuint size);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint rd_kafka_new(int type, nint configuration, byte[] error, nuint size);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void rd_kafka_destroy(nint client);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void rd_kafka_mock_cluster_destroy(nint cluster);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rd_kafka_mock_topic_create(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replication);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rd_kafka_mock_partition_set_leader(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, int broker);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rd_kafka_mock_coordinator_set(
        nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string kind, [MarshalAs(UnmanagedType.LPUTF8Str)] string key, int broker);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void rd_kafka_mock_push_request_errors_array(nint cluster, short request, nuint count, int[] errors);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(nint cluster, int milliseconds);

    [DllImport(Native)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void rd_kafka_mock_set_group_consumer_session_timeout_ms(nint cluster, int milliseconds);
#pragma warning restore IDE1006, SYSLIB1054, CA2101
}
