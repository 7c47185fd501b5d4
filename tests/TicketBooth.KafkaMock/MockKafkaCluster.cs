using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace TicketBooth.KafkaMock;

/// <summary>
/// Kafka for tests: librdkafka's mock cluster, which speaks the real protocol on free ports of 127.0.0.1. Any process may connect. Its records live in
/// memory, at most 5 MiB or 100,000 batches a partition: the oldest go first, read or not. It makes no topics for an administrator, but it does for a producer.
/// </summary>
public sealed class MockKafkaCluster : IDisposable
{
    /// <summary>Every broker there is.</summary>
    public const int EveryBroker = -1;

    private const int BrokerCount = 2;
    private const int Partitions = 4;

    // Short, so that tests of a consumer that dies need not wait long; long enough for one that two busy cores keep waiting.
    private const int SessionTimeout = 5000;
    private const int HeartbeatInterval = 200;

    private readonly nint handle;
    private readonly nint cluster;
    private bool disposed;

    /// <summary>Two brokers, with the topics of all modules and their dead letters.</summary>
    public MockKafkaCluster()
    {
        var error = new byte[512];
        handle = Librdkafka.New(Librdkafka.Producer, Librdkafka.NewConfiguration(), error, (nuint)error.Length);
        if (handle == nint.Zero)
        {
            throw new InvalidOperationException("librdkafka: " + Encoding.UTF8.GetString(error).TrimEnd('\0'));
        }

        cluster = Librdkafka.NewCluster(handle, BrokerCount);
        if (cluster == nint.Zero)
        {
            Librdkafka.Destroy(handle);
            throw new InvalidOperationException("librdkafka makes no mock cluster.");
        }

        Bootstrap = Marshal.PtrToStringUTF8(Librdkafka.Bootstraps(cluster))!;
        Librdkafka.SetInitialRebalanceDelay(cluster, 0);
        Librdkafka.SetGroupSessionTimeout(cluster, SessionTimeout);
        Librdkafka.SetGroupHeartbeatInterval(cluster, HeartbeatInterval);
        foreach (var module in new[] { "events", "booking", "payments", "admissions", "notifications", "dashboard", "accounts" })
        {
            CreateTopic("ticketbooth." + module, Partitions);
            CreateTopic($"ticketbooth.{module}.dead-letter", Partitions);
        }
    }

    /// <summary>What clients connect to: <c>host:port,host:port</c>.</summary>
    public string Bootstrap { get; }

    /// <summary>Whether all brokers were taken down and not brought up again.</summary>
    public bool IsDown { get; private set; }

    public void CreateTopic(string topic, int partitions) => Check(Librdkafka.CreateTopic(Cluster, topic, partitions, BrokerCount));

    /// <summary>Cuts the broker's connections and refuses new ones; leaders stay where they are, records too.</summary>
    public void Down(int broker = EveryBroker)
    {
        Check(Librdkafka.SetDown(Cluster, broker));
        IsDown |= broker == EveryBroker;
    }

    public void Up(int broker = EveryBroker)
    {
        Check(Librdkafka.SetUp(Cluster, broker));
        IsDown &= broker != EveryBroker;
    }

    /// <summary>Makes the broker answer this much later.</summary>
    public void RoundTrip(int broker, TimeSpan time) => Check(Librdkafka.SetRoundTrip(Cluster, broker, (int)time.TotalMilliseconds));

    public void MoveLeader(string topic, int partition, int broker) => Check(Librdkafka.SetLeader(Cluster, topic, partition, broker));

    public void MoveCoordinator(string group, int broker) => Check(Librdkafka.SetCoordinator(Cluster, "group", group, broker));

    /// <summary>Answers the next requests of this kind with these errors, one each, for example 0 (Produce) with <see cref="ErrorCode.NotLeaderForPartition"/>.</summary>
    public void FailNext(short request, params ErrorCode[] errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        Librdkafka.PushErrors(Cluster, request, (nuint)errors.Length, errors);
    }

    /// <summary>Takes back what <see cref="FailNext"/> has not used up.</summary>
    public void ClearErrors(short request) => Librdkafka.ClearErrors(Cluster, request);

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            Librdkafka.DestroyCluster(cluster);
            Librdkafka.Destroy(handle);
        }
    }

    private nint Cluster
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return cluster;
        }
    }

    private static void Check(ErrorCode error)
    {
        if (error != ErrorCode.NoError)
        {
            throw new InvalidOperationException("The mock cluster answered " + error);
        }
    }
}
