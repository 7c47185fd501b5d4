using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests;

/// <summary>
/// Durable order requests per second, driven by wrk, beside the ceiling of this machine's HTTP in the same run (a signed-in GET that reads no
/// storage). The ratio of the two is what to compare between machines and commits.
/// </summary>
internal static partial class Bench
{
    private const int Events = 50;
    private const int TicketsPerEvent = 10_000;

    // The host counts what waits in its outboxes every five seconds.
    private static readonly TimeSpan DepthInterval = TimeSpan.FromSeconds(6);

    private static readonly (string Key, string Value) Metrics = ("Metrics:Enabled", "true");

    /// <param name="connections">Requests in flight.</param>
    /// <param name="seconds">Of each measurement.</param>
    /// <param name="distributed">On MongoDB, Redis, Kafka and MySQL, beside a bare loop of inserts of the same documents.</param>
    public static async Task<int> RunAsync(int connections, int seconds, bool distributed)
    {
        await using var servers = distributed ? await Servers.TakeAsync() : null;
        await using var host = await HostProcess.StartAsync([.. servers?.Settings ?? [], Metrics]);
        using var client = new HttpClient { BaseAddress = host.Address };
        var admin = await Api.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        var token = await Api.NewBuyerAsync(client, 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Events} events of {TicketsPerEvent} tickets are published, all on one shard …"));
        var events = new List<string>();
        for (var i = 0; i < Events; i++)
        {
            events.Add(await Api.PublishEventAsync(client, admin, $"Night {i}", TicketsPerEvent, large: false));
        }

        var folder = Directory.CreateTempSubdirectory("ticketbooth-wrk-").FullName;
        Console.WriteLine("(warming up)");
        await WrkAsync(host, folder, "orders", connections, seconds, OrderScript(token, events));
        Console.WriteLine("(measuring, each from empty outboxes)");
        await SettleAsync(host);
        var ceiling = await WrkAsync(host, folder, "accounts/me", connections, seconds, $"wrk.headers['Authorization'] = 'Bearer {token}'");
        var orders = await WrkAsync(host, folder, "orders", connections, seconds, OrderScript(token, events));
        await SettleAsync(host);
        var contested = await WrkAsync(host, folder, "orders for one taken ticket", connections, seconds, await ContestedScriptAsync(client, token, events[^1]), path: "orders");
        await ReadsAsync(host, folder, "event reads", connections, seconds, token, events);

        await SettleAsync(host);
        var stopping = Stopwatch.StartNew();
        await host.StopAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"graceful stop            {stopping.Elapsed.TotalSeconds:F1} s"));
        if (servers is not null)
        {
            await using (var without = await HostProcess.StartAsync([.. servers.Settings.Where(setting => setting.Key != "ConnectionStrings:Redis"), Metrics]))
            {
                await SettleAsync(without);
                await ReadsAsync(without, folder, "event reads, no Redis", connections, seconds, token, events);
                await SettleAsync(without);
            }

            var bare = await servers.InsertBareAsync(TimeSpan.FromSeconds(seconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare inserts             {bare,8:F0} /s, the same documents and indexes in batches of {Servers.BatchSize}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"orders / bare inserts    {orders / bare:F2}"));
        }

        Directory.Delete(folder, recursive: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"orders / ceiling         {orders / ceiling:F2}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"contested / ceiling      {contested / ceiling:F2}"));
        var (exitCode, audit) = await host.AuditAsync();
        Console.Write(audit);
        return exitCode;
    }

    /// <summary>Each request orders one ticket, best available; the events take turns so that none is sold out early.</summary>
    private static string OrderScript(string token, IEnumerable<string> events) => $$"""
        local events = { {{string.Join(", ", events.Select(id => $"'{id}'"))}} }
        local headers = { ['Authorization'] = 'Bearer {{token}}', ['Content-Type'] = 'application/json' }
        local n = 0
        request = function()
          n = n + 1
          local id = events[math.floor(n / 100) % (#events - 1) + 1]
          return wrk.format('POST', nil, headers, '{"eventId":"' .. id .. '","quantity":1}')
        end
        """;

    private static async Task<string> ContestedScriptAsync(HttpClient client, string token, string eventId)
    {
        var order = await Api.SendAsync(client, token, HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = 1 });
        return $$"""
            wrk.method = 'POST'
            wrk.body = '{"ticketIds":["{{order["tickets"]![0]!["id"]}}"]}'
            wrk.headers['Authorization'] = 'Bearer {{token}}'
            wrk.headers['Content-Type'] = 'application/json'
            """;
    }

    /// <summary>Readers of all events while orders come in on a few connections, each of which ends what is remembered of its event.</summary>
    private static async Task ReadsAsync(HostProcess host, string folder, string name, int connections, int seconds, string token, IReadOnlyList<string> events)
    {
        var before = await ReadSourcesAsync(host);
        var selling = WrkAsync(host, folder, "  orders meanwhile", connections: 4, seconds, OrderScript(token, events), path: "orders");
        await WrkAsync(host, folder, name, connections, seconds, $$"""
            local events = { {{string.Join(", ", events.Select(id => $"'{id}'"))}} }
            local n = 0
            request = function()
              n = n + 1
              return wrk.format('GET', '/api/v1/events/' .. events[n % #events + 1])
            end
            """, path: "events");
        await selling;
        var after = await ReadSourcesAsync(host);
        var (memory, shared, loaded) = (after.Memory - before.Memory, after.Shared - before.Shared, after.Loaded - before.Loaded);
        var all = memory + shared + loaded;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  answered               {memory / all:P2} from memory, {shared / all:P2} from Redis, {loaded / all:P2} from the store"));
    }

    /// <summary>Waits until what follows the orders (the relay, availability, payments) has caught up.</summary>
    private static async Task SettleAsync(HostProcess host)
    {
        do
        {
            await Task.Delay(DepthInterval);
        }
        while (await SumAsync(host, "ticketbooth_outbox_depth") + await SumAsync(host, "ticketbooth_kafka_lag") > 0);
    }

    private static async Task<(double Memory, double Shared, double Loaded)> ReadSourcesAsync(HostProcess host) => (
        await SumAsync(host, "ticketbooth_events_reads_remembered_total"),
        await SumAsync(host, "ticketbooth_events_reads_shared_total"),
        await SumAsync(host, "ticketbooth_events_reads_loaded_total"));

    /// <summary>A figure of the host, over all its labels; 0 while there is none.</summary>
    private static async Task<double> SumAsync(HostProcess host, string figure)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        var page = await client.GetStringAsync("/metrics");
        return page.Split('\n').Where(line => line.StartsWith(figure, StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    private static async Task<double> WrkAsync(HostProcess host, string folder, string name, int connections, int seconds, string script, string? path = null)
    {
        var file = Path.Combine(folder, Guid.NewGuid() + ".lua");
        await File.WriteAllTextAsync(file, script + """

            done = function(summary, latency, requests)
              io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency.mean, latency:percentile(99), summary.errors.status))
            end
            """);
        var start = new ProcessStartInfo("wrk", ["-t2", $"-c{connections}", $"-d{seconds}s", "-s", file, new Uri(host.Address, "/api/v1/" + (path ?? name)).ToString()]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start.");
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = Result().Match(output);
        if (!result.Success)
        {
            throw new InvalidOperationException("wrk said: " + output);
        }

        var figures = result.Groups["figure"].Captures.Select(figure => double.Parse(figure.Value, CultureInfo.InvariantCulture)).ToArray();
        var rate = figures[0] / (figures[1] / 1e6);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-24} {rate,8:F0} /s, mean {figures[2] / 1000:F2} ms, p99 {figures[3] / 1000:F2} ms, {connections} in flight, {figures[4]:F0} not 2xx"));
        return rate;
    }

    [GeneratedRegex(@"RESULT(?: (?<figure>\d+)){5}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Result();
}
