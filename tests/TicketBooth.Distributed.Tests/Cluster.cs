using TicketBooth.KafkaMock;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>Host processes on shared stores: MongoDB, Redis, Kafka and MySQL, each a space of this test's own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly MongoDbSpace mongo;
    private readonly MySqlSpace mySql;
    private readonly RedisSpace redis;

    private Cluster(MongoDbSpace mongo, MySqlSpace mySql, RedisSpace redis) => (this.mongo, this.mySql, this.redis) = (mongo, mySql, redis);

    /// <summary>This cluster's own brokers, to be broken at will.</summary>
    public MockKafkaCluster Kafka { get; } = new();

    public IReadOnlyList<HostProcess> Hosts { get; private set; } = [];

    /// <param name="hosts">How many.</param>
    /// <param name="settings">On top of the connection strings.</param>
    public static Task<Cluster> StartAsync(int hosts, params (string Key, string Value)[] settings) =>
        StartAsync(hosts, null, null, settings);

    /// <param name="hosts">How many.</param>
    /// <param name="instead">The server that takes the place of a shared one.</param>
    /// <param name="kind">Which one's.</param>
    /// <param name="settings">On top of the connection strings.</param>
    public static async Task<Cluster> StartAsync(
        int hosts, OwnServer? instead, TestServer? kind, params (string Key, string Value)[] settings)
    {
        string? Own(TestServer server) => server == kind ? instead!.ConnectionString : null;
        var cluster = new Cluster(
            new MongoDbSpace(Own(TestServer.MongoDb)),
            await MySqlSpace.NewAsync(Own(TestServer.MySql)),
            await RedisSpace.NewAsync(Own(TestServer.Redis)));
        (string Key, string Value)[] all =
        [
            ("ConnectionStrings:MongoDb", cluster.mongo.ConnectionString),
            ("ConnectionStrings:Redis", cluster.redis.ConnectionString),
            ("ConnectionStrings:Kafka", cluster.Kafka.Bootstrap),
            ("ConnectionStrings:MySql", cluster.mySql.ConnectionString),

            // The mock waits this long for every answer without records.
            ("Kafka:FetchWaitMilliseconds", "20"),

            // Hundreds of buyers sign up before a sale begins, and their passwords are not what is tried.
            ("Accounts:PasswordIterations", "10000"),
            .. settings,
        ];

        // At once, as after a power cut: every start makes indexes, tables and keys.
        cluster.Hosts = await Task.WhenAll(Enumerable.Range(0, hosts).Select(_ => HostProcess.StartAsync(all)));
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Hosts.Select(host => host.DisposeAsync().AsTask()));
        Kafka.Dispose();
        await mongo.DisposeAsync();
        await redis.DisposeAsync();
        await mySql.DisposeAsync();
    }
}
