using TicketBooth.Host.Verbs;
using TicketBooth.KafkaMock;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>Host processes on shared stores: MongoDB, Redis, Kafka and MySQL, each a space of this fixture's own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly MongoDbSpace mongo;
    private readonly MySqlSpace mySql;
    private readonly RedisSpace redis;
    private readonly (string Key, string Value)[] settings;

    private Cluster(MongoDbSpace mongo, MySqlSpace mySql, RedisSpace redis, IEnumerable<(string Key, string Value)> more)
    {
        (this.mongo, this.mySql, this.redis) = (mongo, mySql, redis);
        settings =
        [
            ("ConnectionStrings:MongoDb", mongo.ConnectionString),
            ("ConnectionStrings:Redis", redis.ConnectionString),
            ("ConnectionStrings:Kafka", Kafka.Bootstrap),
            ("ConnectionStrings:MySql", mySql.ConnectionString),
            // The mock waits this long for every answer without records.
            ("Kafka:FetchWaitMilliseconds", "20"),
            // Hundreds of buyers sign up before a sale begins, and their passwords are not what is tried.
            ("Accounts:PasswordIterations", "10000"),
            .. more,
        ];
    }

    /// <summary>This cluster's own brokers, to be broken at will.</summary>
    public MockKafkaCluster Kafka { get; } = new();

    public IReadOnlyList<HostProcess> Hosts { get; private set; } = [];

    /// <param name="hosts">How many.</param>
    /// <param name="settings">On top of the connection strings.</param>
    public static Task<Cluster> StartAsync(int hosts, params (string Key, string Value)[] settings) =>
        StartAsync(hosts, new Dictionary<TestServer, OwnServer>(), settings);

    /// <param name="hosts">How many.</param>
    /// <param name="own">Servers that take the place of shared ones.</param>
    /// <param name="settings">On top of the connection strings.</param>
    public static async Task<Cluster> StartAsync(
        int hosts,
        IReadOnlyDictionary<TestServer, OwnServer> own,
        params (string Key, string Value)[] settings
    )
    {
        string? Own(TestServer server) => own.GetValueOrDefault(server)?.ConnectionString;
        var cluster = new Cluster(
            new MongoDbSpace(Own(TestServer.MongoDb)),
            await MySqlSpace.NewAsync(Own(TestServer.MySql)),
            await RedisSpace.NewAsync(Own(TestServer.Redis)),
            settings
        );

        // At once, as after a power cut: every start makes indexes, tables and keys.
        cluster.Hosts = await Task.WhenAll(Enumerable.Range(0, hosts).Select(_ => HostProcess.StartAsync(cluster.settings)));
        return cluster;
    }

    /// <summary>
    /// Runs the verb <c>audit</c> in this process, which compiles it once for all audits. As a process of its own it runs in
    /// <see cref="HostKillTests"/>.
    /// </summary>
    public async Task AssertAuditPassesAsync()
    {
        await using var output = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            [
                "audit",
                "--environment=Development",
                $"--Storage:Path={Hosts[0].Folder}",
                .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            ],
            output,
            output
        );
        Assert.That(exitCode, Is.Zero, output.ToString());
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
