using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Dashboard.Live;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.Live;

internal sealed class StreamTests
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    private TestHost host = null!;
    private BoxOffice office = null!;
    private string eventId = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await TestHost.StartAsync(settings: [("Dashboard:ReconcileHours", "0")]);
        office = await BoxOffice.OpenAsync(host);
        eventId = await office.PublishAsync(tickets: 400);
        await Eventually.Async(() => OrdersAsync(), orders => orders >= 0, "the event to show");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [TearDown]
    public async Task NobodyWatchesAnyMore() => Assert.That(await Eventually.Async(() => Task.FromResult(Live.Watchers), watchers => watchers == 0, "the watchers to be gone", patience), Is.Zero);

    /// <remarks>How soon, the benchmark measures.</remarks>
    [Test]
    public async Task Every_sale_shows()
    {
        await using var watcher = await Watcher.OpenAsync(office.Admin, eventId);
        await watcher.UntilAsync(figures => figures is not null);
        for (var i = 0; i < 7; i++)
        {
            var before = await OrdersAsync();
            await office.SellAsync(eventId, 0, quantity: 1);
            await watcher.UntilAsync(figures => Orders(figures) > before);
        }
    }

    [Test]
    public async Task All_who_watch_see_it()
    {
        var before = await OrdersAsync();
        var watchers = new List<Watcher>();
        try
        {
            for (var i = 0; i < 60; i++)
            {
                watchers.Add(await Watcher.OpenAsync(office.Admin, i % 2 == 0 ? eventId : null));
                await watchers[^1].UntilAsync(figures => figures is not null);
            }

            Assert.That(Live.Watchers, Is.EqualTo(60));
            await office.SellAsync(eventId, 0, quantity: 1);

            await Task.WhenAll(watchers.Select(watcher => watcher.UntilAsync(figures => Orders(figures) > before)));
        }
        finally
        {
            foreach (var watcher in watchers)
            {
                await watcher.DisposeAsync();
            }
        }
    }

    [Test]
    public async Task An_event_that_is_not_known_is_null_and_shows_when_it_is_published()
    {
        var draft = await office.Admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody());
        await using var watcher = await Watcher.OpenAsync(office.Admin, (string)draft["id"]!);

        Assert.That(await watcher.NextAsync(), Is.Null);
        await office.Admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{draft["id"]}/publish");
        var shown = await watcher.UntilAsync(figures => figures is not null);

        Assert.That((string?)shown!["id"], Is.EqualTo((string?)draft["id"]));
    }

    [Test]
    public async Task Who_comes_back_sees_what_was_missed_and_versions_only_grow()
    {
        var versions = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var before = await OrdersAsync();
            await office.SellAsync(eventId, 0, quantity: 1);
            await Eventually.Async(OrdersAsync, orders => orders > before, "the sale to be taken in");
            await using var watcher = await Watcher.OpenAsync(office.Admin, eventId);
            var first = await watcher.NextAsync();

            Assert.That(Orders(first), Is.GreaterThan(before), "at once, without another sale");
            Assert.That(watcher.LastId, Is.EqualTo((string?)first!["version"]?.ToJsonString()));
            versions.Add((long)first["version"]!);
        }

        Assert.That(versions, Is.Ordered.And.Unique);
    }

    private LiveFigures Live => host.App.Services.GetRequiredService<LiveFigures>();

    private static long Orders(JsonObject? figures) => (long)(figures!["ever"] ?? figures["today"])!["ordersPlaced"]!;

    private async Task<long> OrdersAsync()
    {
        using var answer = await office.Admin.Client.GetAsync($"/api/v1/dashboard/events/{eventId}");
        return answer.IsSuccessStatusCode ? Orders((JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!) : -1;
    }

    /// <summary>An open page.</summary>
    private sealed class Watcher : IAsyncDisposable
    {
        private readonly CancellationTokenSource ends = new();
        private readonly HttpResponseMessage answer;
        private readonly IAsyncEnumerator<SseItem<string>> items;

        private Watcher(HttpResponseMessage answer, Stream body)
        {
            this.answer = answer;
            items = SseParser.Create(body).EnumerateAsync(ends.Token).GetAsyncEnumerator(ends.Token);
        }

        public string? LastId => items.Current.EventId;

        public static async Task<Watcher> OpenAsync(TicketBoothApi staff, string? eventId)
        {
            var opened = await staff.Client.GetAsync("/api/v1/dashboard/stream" + (eventId is null ? "" : "?eventId=" + eventId), HttpCompletionOption.ResponseHeadersRead);
            opened.EnsureSuccessStatusCode();
            return new Watcher(opened, await opened.Content.ReadAsStreamAsync());
        }

        public async Task<JsonObject?> NextAsync()
        {
            Assert.That(await items.MoveNextAsync().AsTask().WaitAsync(patience), Is.True, "the stream goes on");
            Assert.That(items.Current.EventType, Is.EqualTo("figures"));
            return (JsonObject?)JsonNode.Parse(items.Current.Data);
        }

        public async Task<JsonObject?> UntilAsync(Predicate<JsonObject?> isSo)
        {
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < patience)
            {
                var figures = await NextAsync();
                if (isSo(figures))
                {
                    return figures;
                }
            }

            throw new TimeoutException("It did not show.");
        }

        public async ValueTask DisposeAsync()
        {
            // A page that is closed ends its connection, whatever it waits for.
            answer.Dispose();
            await ends.CancelAsync();
            ends.Dispose();
        }
    }
}
