using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// What being watched costs: orders at a host whose metrics are read every second and that exports the traces of one request of a hundred,
/// beside a host that has neither. Both run, and take turns.
/// </summary>
internal sealed class ObserveScenario : IScenario
{
    private const int Tickets = 10_000;
    private const int Buyers = 100;

    // No load sells them out: 20,000 orders a second.
    private const int EventsPerLoad = 10;

    private static readonly TimeSpan scrapeInterval = TimeSpan.FromSeconds(1);

    public string Name => "observe";

    public string Description => "Orders at a host with metrics and traces at 1 %, beside one without either.";

    public async Task RunAsync(Plan plan, Report report)
    {
        await using var collector = await Collector.StartAsync();
        await using var plain = await Watched.StartAsync(plan, isObserved: false, [("Metrics:Enabled", "false")]);
        await using var observed = await Watched.StartAsync(
            plan,
            isObserved: true,
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
                ("OTEL_TRACES_SAMPLER_ARG", "0.01"),
            ]
        );
        await plain.SellAsync(plan.Duration * WarmUp.Durations, plan.Connections);
        await observed.SellAsync(plan.Duration * WarmUp.Durations, plan.Connections);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var before = collector.Bytes;
            var (without, with) = (
                await plain.SellAsync(plan.Duration, plan.Connections),
                await observed.SellAsync(plan.Duration, plan.Connections)
            );
            report.Add("orders", Unit.PerSecond, with.Rate);
            report.Add("orders, not observed", Unit.PerSecond, without.Rate);
            report.Add("CPU per settled order", Unit.Microseconds, with.Microseconds);
            report.Add("CPU per settled order, not observed", Unit.Microseconds, without.Microseconds);
            report.Add("CPU per settled order / not observed", Unit.Times, with.Microseconds / without.Microseconds);
            report.Add("traces sent", Unit.Megabytes, (collector.Bytes - before) / 1e6);
        }

        report.Require(collector.Bytes > 0, "No trace arrived.");
    }

    /// <summary>Stands in for a collector: takes everything and keeps nothing.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private long bytes;

        public long Bytes => Interlocked.Read(ref bytes);

        public string Address => app.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/v1/traces", collector.TakeAsync);
            await app.StartAsync();
            return collector;
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        private async Task TakeAsync(HttpContext context)
        {
            await using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Interlocked.Add(ref bytes, body.Length);
        }
    }

    private sealed record Watched(MeasuredHost Host, string Orders, bool IsObserved) : IAsyncDisposable
    {
        public static async Task<Watched> StartAsync(Plan plan, bool isObserved, (string Key, string Value)[] settings)
        {
            var host = await MeasuredHost.StartAsync(settings);
            var events = await host.PublishAsync(EventsPerLoad * (WarmUp.Durations + plan.Rounds), Tickets);
            return new Watched(host, Scripts.Orders(await host.BuyersAsync(Buyers), events), isObserved);
        }

        /// <returns>Orders a second, and the CPU of one until all has settled.</returns>
        public async Task<(double Rate, double Microseconds)> SellAsync(TimeSpan duration, int connections)
        {
            var (followed, cpu) = (await Host.FollowedAsync(), Host.Cpu.Used);
            using var end = new CancellationTokenSource();
            var scraping = IsObserved ? ScrapeAsync(end.Token) : Task.CompletedTask;
            var load = await Wrk.RunAsync(Host.At("/"), connections, duration, Orders);
            var accepted = load.Requests - load.Refused;
            var (settled, _) = await Settling.WaitAsync(Host, Stopwatch.StartNew(), now =>
                now.Placed - followed.Placed >= accepted && now.Placed - followed.Placed == now.Taken - followed.Taken
            );
            await end.CancelAsync();
            await scraping;
            return (load.Rate, (Host.Cpu.Used - cpu).TotalMicroseconds / (settled.Placed - followed.Placed));
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();

        private async Task ScrapeAsync(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Host.MetricsAsync();
                await Task.Delay(scrapeInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
