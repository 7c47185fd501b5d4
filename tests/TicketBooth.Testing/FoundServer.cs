using System.Diagnostics;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using NUnit.Framework;
using Testcontainers.Kafka;
using Testcontainers.MongoDb;
using Testcontainers.MySql;
using Testcontainers.Redis;

namespace TicketBooth.Testing;

/// <summary>A server that tests use, with what it takes to stop it and to start it again.</summary>
internal abstract class FoundServer(string connectionString) : IAsyncDisposable
{
    // The versions that docker/compose.yaml runs.
    private const string MongoDbImage = "mongo:8.0";
    private const string RedisImage = "redis:8.2";
    private const string KafkaImage = "apache/kafka:4.1.0";
    private const string MySqlImage = "mysql:8.4";

    public string ConnectionString => connectionString;

    public abstract Task StopAsync();

    public abstract Task StartAsync();

    /// <summary>Stops its process where it stands: it takes connections and answers nothing.</summary>
    public abstract Task FreezeAsync();

    public abstract Task ThawAsync();

    protected virtual Task EndAsync() => Task.CompletedTask;

    /// <summary>Ends a server that a test started for itself; one that is shared outlives every test.</summary>
    public ValueTask DisposeAsync() => new(EndAsync());

    /// <summary>One that nobody else uses.</summary>
    public static async Task<FoundServer> StartOwnAsync(TestServer server)
    {
        if (await InContainer.TryStartAsync(server) is { } container)
        {
            return container;
        }

        if (OfScript.WhyNot() is { } reason)
        {
            Assert.Ignore(
                $"There is no {server} of this test's own: no Docker engine answers, and tests/servers cannot be used because {reason}.");
        }

        return await OfScript.StartAloneAsync(server);
    }

    /// <summary>Blocks: it is done once, and whoever asks cannot go on without it.</summary>
    public static FoundServer Find(TestServer server) => FindAsync(server).GetAwaiter().GetResult();

    private static async Task<FoundServer> FindAsync(TestServer server)
    {
        var setting = $"ConnectionStrings__{server}";
        if ((Environment.GetEnvironmentVariable("TICKETBOOTH_TEST_" + setting) ?? Environment.GetEnvironmentVariable(setting)) is { Length: > 0 } given)
        {
            return Directory.Exists(OfScript.Shared) && await OfScript.StartAsync(server, OfScript.Shared) == given
                ? new OfScript(server, given, OfScript.Shared)
                : new Given(server, given);
        }

        if (await InContainer.TryStartAsync(server) is { } container)
        {
            return container;
        }

        if (OfScript.WhyNot() is { } reason)
        {
            Assert.Ignore($"There is no {server} to test with: {setting} is not set, no Docker engine answers, and tests/servers cannot be used because {reason}.");
        }

        return new OfScript(server, await OfScript.StartAsync(server, OfScript.Shared), OfScript.Shared);
    }

    /// <summary>Named in the environment, by people who know what it is; we do not.</summary>
    private sealed class Given(TestServer server, string connectionString) : FoundServer(connectionString)
    {
        public override Task StopAsync()
        {
            Assert.Ignore($"ConnectionStrings__{server} names a server that is not ours to stop.");
            return Task.CompletedTask;
        }

        public override Task StartAsync() => Task.CompletedTask;

        public override Task FreezeAsync() => StopAsync();

        public override Task ThawAsync() => Task.CompletedTask;
    }

    /// <summary>A container of this process; Testcontainers removes it when the process has ended.</summary>
    private sealed class InContainer(IContainer container, string connectionString) : FoundServer(connectionString)
    {
        /// <summary>Nothing where no Docker engine answers.</summary>
        public static async Task<InContainer?> TryStartAsync(TestServer server)
        {
            try
            {
                return server switch
                {
                    TestServer.MongoDb => await StartAsync(new MongoDbBuilder(MongoDbImage).WithReplicaSet().Build(), container => container.GetConnectionString()),
                    TestServer.Redis => await StartAsync(
                        new RedisBuilder(RedisImage).WithCommand("redis-server", "--databases", RedisSpace.Databases).Build(), container => container.GetConnectionString()),
                    TestServer.Kafka => await StartAsync(new KafkaBuilder(KafkaImage).Build(), container => $"{container.Hostname}:{container.GetMappedPublicPort(KafkaBuilder.KafkaPort)}"),
                    TestServer.MySql => await StartAsync(new MySqlBuilder(MySqlImage).WithUsername("root").WithDatabase("ticketbooth").Build(), container => container.GetConnectionString()),
                    _ => throw new ArgumentOutOfRangeException(nameof(server)),
                };
            }
            catch (DockerUnavailableException)
            {
                return null;
            }
        }

        // Not stopped: a container that is started again gets another port.
        public override Task StopAsync() => container.PauseAsync();

        public override Task StartAsync() => container.UnpauseAsync();

        public override Task FreezeAsync() => container.PauseAsync();

        public override Task ThawAsync() => container.UnpauseAsync();

        protected override Task EndAsync() => container.DisposeAsync().AsTask();

        private static async Task<InContainer> StartAsync<T>(T container, Func<T, string> connectionString)
            where T : IContainer
        {
            await container.StartAsync();
            return new InContainer(container, connectionString(container));
        }
    }

    /// <summary>Started by tests/servers, and known to it.</summary>
    private sealed class OfScript(TestServer server, string connectionString, string folder) : FoundServer(connectionString)
    {
        /// <summary>The folder of the servers that all tests share.</summary>
        public static string Shared => Environment.GetEnvironmentVariable("TICKETBOOTH_SERVERS") ?? "/tmp/ticketbooth-servers";

        /// <summary>Why tests/servers cannot run here, or nothing.</summary>
        public static string? WhyNot() =>
            !File.Exists("/usr/bin/apt-get") ? "this is neither Debian nor Ubuntu"
            : !Environment.IsPrivilegedProcess ? "this is not root"
            : null;

        public static async Task<string> StartAsync(TestServer server, string folder)
        {
            var setting = $"ConnectionStrings__{server}=";
            var line = (await RunAsync(folder, "start", NameOf(server))).Trim();
            return line.StartsWith(setting, StringComparison.Ordinal)
                ? line[setting.Length..]
                : throw new InvalidOperationException($"tests/servers start printed: {line}");
        }

        /// <remarks>By the folder's name tests/run finds what a test that was killed has left behind.</remarks>
        public static async Task<OfScript> StartAloneAsync(TestServer server)
        {
            var folder = $"{Shared}-own-{Guid.NewGuid().ToString("N")[..8]}";
            return new OfScript(server, await StartAsync(server, folder), folder);
        }

        public override Task StopAsync() => RunAsync(folder, "stop", NameOf(server));

        public override Task StartAsync() => RunAsync(folder, "start", NameOf(server));

        public override Task FreezeAsync() => RunAsync(folder, "freeze", NameOf(server));

        public override Task ThawAsync() => RunAsync(folder, "thaw", NameOf(server));

        protected override Task EndAsync() => folder == Shared ? Task.CompletedTask : RunAsync(folder, "stop");

        private static string NameOf(TestServer server) => server.ToString().ToLowerInvariant();

        private static async Task<string> RunAsync(string folder, params string[] words)
        {
            var start = new ProcessStartInfo(Path.Combine(SourceTree.Root, "tests", "servers"), words)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["TICKETBOOTH_SERVERS"] = folder;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"tests/servers {string.Join(' ', words)} failed: {await error}");
        }
    }
}
