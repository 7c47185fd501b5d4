using System.Globalization;
using System.Net.Sockets;
using MySqlConnector;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>
/// The four servers of the distributed profile by <c>tests/servers</c>, for this run alone. Hosts reach them through proxies, which can make
/// them slow; Kafka's brokers name their own addresses, so they are made slow themselves.
/// </summary>
internal sealed class Servers : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Names = ["mongodb", "redis", "mysql", "kafka"];

    private const int Brokers = 2;

    private readonly string folder;
    private readonly Dictionary<string, TestProxy> proxies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal);

    private Servers(string folder) => this.folder = folder;

    /// <summary>Past the proxies: for this program's own reading.</summary>
    public string MongoDb => settings["MongoDb"];

    /// <inheritdoc cref="MongoDb"/>
    public string MySql => settings["MySql"];

    /// <summary>For hosts.</summary>
    public IEnumerable<(string Key, string Value)> Settings =>
        [
            ("ConnectionStrings:MongoDb", $"mongodb://127.0.0.1:{PortOf("mongodb")}/ticketbooth?directConnection=true"),
            ("ConnectionStrings:MySql", new MySqlConnectionStringBuilder(MySql) { Port = (uint)PortOf("mysql") }.ToString()),
            ("ConnectionStrings:Redis", $"127.0.0.1:{PortOf("redis")}{settings["Redis"][settings["Redis"].IndexOf(',', StringComparison.Ordinal)..]}"),
            ("ConnectionStrings:Kafka", settings["Kafka"]),
            ("Kafka:FetchWaitMilliseconds", "20"),
        ];

    public static async Task<Servers> StartAsync(string folder)
    {
        var servers = new Servers(folder);
        foreach (var line in (await servers.ScriptAsync("start", [.. Names])).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            const string Prefix = "ConnectionStrings__";
            if (line.StartsWith(Prefix, StringComparison.Ordinal))
            {
                var parts = line[Prefix.Length..].Trim().Split('=', 2);
                servers.settings[parts[0]] = parts[1];
            }
        }

        foreach (var name in Names.Where(name => name != "kafka"))
        {
            var port = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, name, "port")), CultureInfo.InvariantCulture);
            servers.proxies[name] = new TestProxy("127.0.0.1", port);
        }

        return servers;
    }

    public Task StopAsync(string name) => ScriptAsync("stop", name);

    /// <summary>Again, at the same address.</summary>
    public Task StartAgainAsync(string name) => ScriptAsync("start", name);

    /// <param name="signal"><c>STOP</c> or <c>CONT</c>.</param>
    public async Task SignalAsync(string name, string signal)
    {
        var file = Path.Combine(folder, name, name == "mongodb" ? "gateway.pid" : name + ".pid");
        var pid = (await File.ReadAllTextAsync(file)).Split(' ')[0];
        await Run.AsyncOf("kill", "-" + signal, pid);
    }

    /// <summary>Each answer this much later; zero: at once again.</summary>
    public async Task SlowAsync(string name, TimeSpan delay)
    {
        if (name != "kafka")
        {
            proxies[name].Slow(delay);
            return;
        }

        for (var broker = 1; broker <= Brokers; broker++)
        {
            await SteerKafkaAsync(string.Create(CultureInfo.InvariantCulture, $"delay {broker} {(int)delay.TotalMilliseconds}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in proxies.Values)
        {
            await proxy.DisposeAsync();
        }

        await ScriptAsync("stop");
    }

    private int PortOf(string name) => proxies[name].Port;

    private async Task SteerKafkaAsync(string line)
    {
        var port = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "kafka", "control")), CultureInfo.InvariantCulture);
        using var client = new TcpClient("127.0.0.1", port);
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        using var reader = new StreamReader(client.GetStream());
        await writer.WriteLineAsync(line);
        if (await reader.ReadLineAsync() is var answer && answer != "ok")
        {
            throw new InvalidOperationException($"The mock of Kafka answers '{line}' with '{answer}'.");
        }
    }

    private Task<string> ScriptAsync(string verb, params string[] names) =>
        Run.AsyncOf("env", ["TICKETBOOTH_SERVERS=" + folder, Path.Combine(SourceTree.Root, "tests", "servers"), verb, .. names]);
}
