using System.Collections.Frozen;

namespace TicketBooth.Testing;

/// <summary>A server of the distributed profile.</summary>
public enum TestServer
{
    MongoDb,
    Redis,
    Kafka,
    MySql,
}

/// <summary>
/// Where tests find the servers of the distributed profile. Each is looked for when it is first asked for: in the environment
/// (<c>ConnectionStrings__MongoDb</c> and so on), else as a container where a Docker engine answers, else through <c>tests/servers</c> on Debian or Ubuntu as root,
/// which leaves it running for the next run. Anywhere else the test that asks is ignored, with the reason.
/// </summary>
/// <remarks>Servers are shared: a test takes a space of its own (<see cref="MongoDbSpace"/>, <see cref="MySqlSpace"/>, <see cref="RedisSpace"/>). A Kafka of its own is a <c>MockKafkaCluster</c>.</remarks>
public static class TestServers
{
    // Found once a process; what was found to be missing stays missing, for the same reason.
    private static readonly FrozenDictionary<TestServer, Lazy<FoundServer>> servers = Enum.GetValues<TestServer>()
        .ToFrozenDictionary(server => server, server => new Lazy<FoundServer>(() => FoundServer.Find(server)));

    public static string MongoDb => ConnectionString(TestServer.MongoDb);

    public static string Redis => ConnectionString(TestServer.Redis);

    /// <summary>Bootstrap servers; the topics are there.</summary>
    public static string Kafka => ConnectionString(TestServer.Kafka);

    public static string MySql => ConnectionString(TestServer.MySql);

    public static string ConnectionString(TestServer server) => servers[server].Value.ConnectionString;

    /// <summary>
    /// Makes the server unreachable until the result is disposed, which brings it back at the same address: Redis empty, the others with their data. The test is ignored
    /// when the server is not ours to stop.
    /// </summary>
    public static async Task<IAsyncDisposable> StopAsync(TestServer server)
    {
        var found = servers[server].Value;
        await found.StopAsync();
        return new Outage(found);
    }

    private sealed class Outage(FoundServer server) : IAsyncDisposable
    {
        private bool over;

        public async ValueTask DisposeAsync()
        {
            if (!over)
            {
                over = true;
                await server.StartAsync();
            }
        }
    }
}
