using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Tests.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Reads;

[TestFixture]
internal sealed class BrowseEventsTests
{
    private FakeTimeProvider clock = null!;
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private TicketBoothApi anyone = null!;
    private CountingStore reads = null!;

    [SetUp]
    public async Task Start()
    {
        clock = new FakeTimeProvider(Sample.Now);
        host = await EventsHost.StartAsync(clock, services: services => services
            .AddSingleton(provider =>
            {
                var stores = TestStores.In(provider.GetRequiredService<EmbeddedStorage>());
                return new CountingStore(stores.Events, stores.Tickets);
            })
            .Replace(ServiceDescriptor.Singleton<IEventStore>(provider => provider.GetRequiredService<CountingStore>()))
            .Replace(ServiceDescriptor.Singleton<ITicketStateStore>(provider => provider.GetRequiredService<CountingStore>())));
        reads = host.App.Services.GetRequiredService<CountingStore>();
        admin = host.Admin();
        anyone = new TicketBoothApi(host.Client);
    }

    [TearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Shows_a_warm_event_without_asking_the_store()
    {
        var id = await PublishedAsync();
        await anyone.GetAsync($"/api/v1/events/{id}");
        var before = reads.Count;

        for (var i = 0; i < 5; i++)
        {
            await anyone.GetAsync($"/api/v1/events/{id}");
        }

        Assert.That(reads.Count, Is.EqualTo(before));
    }

    [TestCase("")]
    [TestCase("/tickets")]
    [TestCase("/tickets?state=sold&limit=1")]
    [TestCase(null)]
    public async Task Answers_304_while_nothing_changed_and_200_after_that(string? suffix)
    {
        var id = await PublishedAsync();
        var path = suffix is null ? "/api/v1/events" : $"/api/v1/events/{id}{suffix}";
        var (status, _, headers) = await host.Client.AskAsync(path);
        var tag = headers.ETag!;
        Assert.That((status, tag.IsWeak, headers.CacheControl?.NoCache), Is.EqualTo((200, false, (bool?)true)));

        var (again, body, repeated) = await host.Client.AskAsync(path, ("If-None-Match", tag.ToString()));
        Assert.That((again, body, repeated.ETag), Is.EqualTo((304, (JsonNode?)null, tag)));

        var numbers = suffix is not null && suffix.Contains("sold", StringComparison.Ordinal);
        var shown = (await reads.FindAsync(Guid.Parse(id)))!;
        var booking = BookingMessages.In(host);
        await booking.SendAsync(BookingMessages.Entry(Sample.Update(shown, Sample.NewId(), 2, numbers ? Events.Domain.TicketState.Sold : Events.Domain.TicketState.OnPayment, 1)));
        await booking.WaitAsync();

        var (changed, _, fresh) = await host.Client.AskAsync(path, ("If-None-Match", tag.ToString()));
        Assert.That(changed, Is.EqualTo(200));
        Assert.That(fresh.ETag, Is.Not.EqualTo(tag));
    }

    [Test]
    public async Task Shows_every_change_at_once()
    {
        var id = await PublishedAsync();
        var path = $"/api/v1/events/{id}";
        Assert.That((string?)(await anyone.GetAsync(path))["status"], Is.EqualTo("published"));

        await admin.SendAsync(HttpMethod.Put, path, TicketBoothApi.EventBody(price: 4_321, name: "Renamed", now: Sample.Now));
        Assert.That((string?)(await anyone.GetAsync(path))["name"], Is.EqualTo("Renamed"));
        Assert.That((long?)(await anyone.GetAsync(path + "/tickets"))["items"]![0]!["price"], Is.EqualTo(4_321));

        await admin.SendAsync(HttpMethod.Post, path + "/cancel");
        Assert.That((string?)(await anyone.GetAsync(path))["status"], Is.EqualTo("canceled"));
        Assert.That((string?)(await anyone.GetAsync("/api/v1/events"))["items"]![0]!["status"], Is.EqualTo("canceled"));
    }

    [Test]
    public async Task Says_that_an_event_is_over_at_the_very_moment()
    {
        var path = $"/api/v1/events/{await PublishedAsync()}";
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromTicks(1));
        Assert.That((string?)(await anyone.GetAsync(path))["status"], Is.EqualTo("published"));
        Assert.That((string?)(await anyone.GetAsync("/api/v1/events"))["items"]![0]!["status"], Is.EqualTo("published"));

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.That((string?)(await anyone.GetAsync(path))["status"], Is.EqualTo("ended"));
        Assert.That((string?)(await anyone.GetAsync("/api/v1/events"))["items"]![0]!["status"], Is.EqualTo("ended"));
    }

    [Test]
    public async Task Shows_drafts_to_staff_only()
    {
        var draft = (string)(await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(now: Sample.Now)))["id"]!;
        var customer = host.SignedIn(Roles.Customer);
        foreach (var path in new[] { $"/api/v1/events/{draft}", $"/api/v1/events/{draft}/tickets" })
        {
            var (staff, _, headers) = await host.Clerk().AskAsync(HttpMethod.Get, path);
            Assert.That((staff, headers.CacheControl?.Private), Is.EqualTo((200, (bool?)true)));
            Assert.That(await StatusAndCodeAsync(anyone, path), Is.EqualTo((404, "event-not-found")));
            Assert.That(await StatusAndCodeAsync(customer, path), Is.EqualTo((404, "event-not-found")));
        }

        Assert.That(await NamesAsync(host.Clerk(), ""), Has.Count.EqualTo(1));
        Assert.That(await NamesAsync(anyone, ""), Is.Empty);
        Assert.That(await NamesAsync(customer, ""), Is.Empty);

        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{draft}/cancel");
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{draft}"), Is.EqualTo((404, "event-not-found")), "canceling publishes nothing");
    }

    [Test]
    public async Task Lists_in_order_by_search_and_dates_and_page_by_page()
    {
        foreach (var (name, day) in new[] { ("Samba em São Paulo", 3), ("Jazz", 1), ("Rock & Roll", 2), ("Fado à noite", 4) })
        {
            var body = TicketBoothApi.EventBody(name: name, now: Sample.Now);
            body["startsAt"] = Sample.Now.AddDays(day);
            body["endsSellingAt"] = Sample.Now.AddDays(day);
            await admin.PublishEventAsync(body);
        }

        Assert.That(await NamesAsync(anyone, ""), Is.EqualTo(new[] { "Jazz", "Rock & Roll", "Samba em São Paulo", "Fado à noite" }));
        Assert.That(await NamesAsync(anyone, "search=SAO%20samba"), Is.EqualTo(new[] { "Samba em São Paulo" }));
        Assert.That(await NamesAsync(anyone, "search=grand"), Has.Count.EqualTo(4), "the venue counts too");
        Assert.That(await NamesAsync(anyone, "search=%25"), Is.Empty);
        Assert.That(await NamesAsync(anyone, "from=2026-05-03T12:00:00Z&to=2026-05-04T12:00:00Z"), Is.EqualTo(new[] { "Rock & Roll" }));
        Assert.That(await NamesAsync(anyone, "from=2026-05-03T09:00:00-03:00&to=2026-05-03T12:00:01"), Is.EqualTo(new[] { "Rock & Roll" }), "a time without an offset is UTC");

        var first = await anyone.GetAsync("/api/v1/events?limit=3");
        var second = await anyone.GetAsync($"/api/v1/events?limit=3&cursor={first["nextCursor"]}");
        Assert.That(((JsonArray)first["items"]!).Count, Is.EqualTo(3));
        Assert.That((string?)second["items"]!.AsArray().Single()!["name"], Is.EqualTo("Fado à noite"));
        Assert.That(second["nextCursor"], Is.Null);
        Assert.That(
            ((JsonObject)first["items"]![0]!).Select(field => field.Key),
            Is.SupersetOf(new[] { "id", "name", "venue", "startsAt", "publishedAt", "endsSellingAt", "status", "currency", "capacity", "available", "priceFrom" }));
    }

    [Test]
    public async Task Lists_by_status_and_drafts_for_staff_only()
    {
        await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(name: "Draft", now: Sample.Now));
        await admin.PublishEventAsync(TicketBoothApi.EventBody(name: "Shown", now: Sample.Now));
        var off = await admin.PublishEventAsync(TicketBoothApi.EventBody(name: "Off", now: Sample.Now));
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{off["id"]}/cancel");

        Assert.That(await NamesAsync(admin, "status=draft"), Is.EqualTo(new[] { "Draft" }));
        Assert.That(await NamesAsync(anyone, "status=draft"), Is.Empty);
        Assert.That(await NamesAsync(anyone, "status=published"), Is.EqualTo(new[] { "Shown" }));
        Assert.That(await NamesAsync(anyone, "status=canceled"), Is.EqualTo(new[] { "Off" }));
        Assert.That(await NamesAsync(anyone, "status=ended"), Is.Empty);
        Assert.That(await NamesAsync(anyone, "status="), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Lists_the_tickets_of_an_event_page_by_page()
    {
        var body = TicketBoothApi.EventBody(now: Sample.Now);
        body["capacity"] = 8;
        body["tiers"] = JsonNode.Parse("""[{"name":"Front","price":300,"tickets":3},{"name":"Back","price":100,"tickets":5}]""");
        var made = await admin.PublishEventAsync(body);
        var id = Guid.Parse((string)made["id"]!);
        var shown = (await reads.FindAsync(id))!;
        var booking = BookingMessages.In(host);
        await booking.SendAsync(
            BookingMessages.Entry(Sample.Update(shown, Sample.NewId(), 1, Events.Domain.TicketState.OnPayment, 2, 3)),
            BookingMessages.Entry(Sample.Update(shown, Sample.NewId(), 2, Events.Domain.TicketState.Sold, 5)));
        await booking.WaitAsync();

        var all = await NumbersAsync(id, "");
        Assert.That(all, Is.EqualTo(Enumerable.Range(1, 8)));
        Assert.That(await NumbersAsync(id, "state=available"), Is.EqualTo(new[] { 1, 4, 6, 7, 8 }));
        Assert.That(await NumbersAsync(id, "state=on_payment"), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(await NumbersAsync(id, "state=sold"), Is.EqualTo(new[] { 5 }));
        Assert.That(await NumbersAsync(id, $"tierId={shown.Tiers[0].Id}"), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(await NumbersAsync(id, $"tierId={shown.Tiers[1].Id}&state=available"), Is.EqualTo(new[] { 4, 6, 7, 8 }));
        Assert.That(await NumbersAsync(id, $"tierId={Sample.NewId()}"), Is.Empty);

        var ticket = (JsonObject)(await anyone.GetAsync($"/api/v1/events/{id}/tickets?state=sold"))["items"]![0]!;
        Assert.That(ticket.Select(field => field.Key), Is.EquivalentTo(new[] { "id", "number", "tierId", "price", "state" }));
        Assert.That((string?)ticket["id"], Is.EqualTo(TaggedId.Of(id, 5).ToString()));
        Assert.That(((long?)ticket["price"], (string?)ticket["tierId"], (string?)ticket["state"]), Is.EqualTo(((long?)100, shown.Tiers[1].Id.ToString(), "sold")));
    }

    [TestCase("limit=0", 422, "validation-failed")]
    [TestCase("limit=201", 422, "validation-failed")]
    [TestCase("limit=-1", 422, "validation-failed")]
    [TestCase("limit=many", 400, "malformed-request")]
    [TestCase("limit=99999999999", 400, "malformed-request")]
    [TestCase("cursor=nonsense", 422, "validation-failed")]
    [TestCase("cursor=%00%00", 422, "validation-failed")]
    public async Task Refuses_a_page_that_makes_no_sense(string query, int status, string code)
    {
        var id = await PublishedAsync();

        Assert.That(await StatusAndCodeAsync(anyone, "/api/v1/events?" + query), Is.EqualTo((status, code)));
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{id}/tickets?{query}"), Is.EqualTo((status, code)));
    }

    [TestCase("status=sold", 422, "validation-failed")]
    [TestCase("status=1", 422, "validation-failed")]
    [TestCase("from=yesterday", 400, "malformed-request")]
    [TestCase("to=2026-13-01", 400, "malformed-request")]
    [TestCase("from=2026-05-02&to=2026-05-01", 422, "validation-failed")]
    [TestCase("search=a+b+c+d+e+f+g+h+i", 422, "validation-failed")]
    public async Task Refuses_a_list_that_makes_no_sense(string query, int status, string code) =>
        Assert.That(await StatusAndCodeAsync(anyone, "/api/v1/events?" + query), Is.EqualTo((status, code)));

    [Test]
    public async Task Refuses_a_search_that_is_too_long() =>
        Assert.That(await StatusAndCodeAsync(anyone, "/api/v1/events?search=" + new string('a', 201)), Is.EqualTo((422, "validation-failed")));

    [Test]
    public async Task Refuses_tickets_that_make_no_sense()
    {
        var id = await PublishedAsync();
        var cursorOfAnotherEvent = new Cursor(1, Sample.NewId());

        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{id}/tickets?state=free"), Is.EqualTo((422, "validation-failed")));
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{id}/tickets?tierId=front"), Is.EqualTo((400, "malformed-request")));
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{id}/tickets?cursor={cursorOfAnotherEvent}"), Is.EqualTo((422, "validation-failed")));
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{id}/tickets?cursor={new Cursor(-1, Guid.Parse(id))}"), Is.EqualTo((422, "validation-failed")));
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{Sample.NewId()}/tickets"), Is.EqualTo((404, "event-not-found")));
        Assert.That(await StatusAndCodeAsync(anyone, $"/api/v1/events/{Sample.NewId()}"), Is.EqualTo((404, "event-not-found")));
        Assert.That(await StatusAndCodeAsync(anyone, "/api/v1/events/17"), Is.EqualTo((404, "not-found")));
    }

    [Test]
    public async Task Knows_everything_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-restart-").FullName;
        try
        {
            string path;
            JsonObject before;
            await using (var first = await EventsHost.StartAsync(clock, folder))
            {
                path = $"/api/v1/events/{(await first.Admin().PublishEventAsync(TicketBoothApi.EventBody(name: "São João", now: Sample.Now)))["id"]}";
                var shown = (await first.App.Services.GetRequiredService<IEventStore>().FindAsync(Guid.Parse(path[^36..])))!;
                var booking = BookingMessages.In(first);
                await booking.SendAsync(BookingMessages.Entry(Sample.Update(shown, Sample.NewId(), 1, Events.Domain.TicketState.OnPayment, 3)));
                await booking.WaitAsync();
                before = await new TicketBoothApi(first.Client).GetAsync(path);
            }

            await using var second = await EventsHost.StartAsync(clock, folder);
            var after = await new TicketBoothApi(second.Client).GetAsync(path);

            Assert.That((int?)after["available"], Is.EqualTo(9));
            Assert.That(JsonNode.DeepEquals(after, before), Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Status, string? Code)> StatusAndCodeAsync(TicketBoothApi api, string path)
    {
        var (status, body, _) = await api.AskAsync(HttpMethod.Get, path);
        return (status, (string?)body?["code"]);
    }

    private static async Task<IReadOnlyList<string?>> NamesAsync(TicketBoothApi api, string query) =>
        [.. ((JsonArray)(await api.GetAsync("/api/v1/events?" + query))["items"]!).Select(item => (string?)item!["name"])];

    private async Task<List<int>> NumbersAsync(Guid id, string query)
    {
        var numbers = new List<int>();
        string? cursor = null;
        do
        {
            var page = await anyone.GetAsync($"/api/v1/events/{id}/tickets?limit=2&{query}&cursor={cursor}");
            numbers.AddRange(((JsonArray)page["items"]!).Select(item => (int)item!["number"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        return numbers;
    }

    private async Task<string> PublishedAsync() => (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(now: Sample.Now)))["id"]!;
}
