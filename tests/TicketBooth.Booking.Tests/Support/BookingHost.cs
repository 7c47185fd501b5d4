using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>The real host with this module alone; the others are fakes. Messages of the others come through an outbox of the test's own and the real relay.</summary>
internal sealed class BookingHost : IAsyncDisposable
{
    private readonly TestHost host;
    private readonly SqliteDatabase database;
    private readonly SqliteOutbox outbox;

    private BookingHost(TestHost host, FakeTimeProvider clock)
    {
        (this.host, Clock) = (host, clock);
        database = Get<EmbeddedStorage>().Open("others", [SqliteOutbox.Schema, SqliteOutbox.Pages]);
        outbox = new SqliteOutbox("others", database);
        Get<OutboxRelay>().Attach(outbox);
    }

    public FakeTimeProvider Clock { get; }

    public FakeEvents Events => Get<FakeEvents>();

    public FakePayments Payments => Get<FakePayments>();

    /// <summary>Without a user.</summary>
    public HttpClient Stranger => host.Client;

    public static async Task<BookingHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var clock = new FakeTimeProvider(BookingBench.Start);
        var started = await TestHost.StartAsync(clock, settings: settings.Append(("Modules", "Booking")), services: services =>
        {
            HeaderAuthentication.AddTo(services);
            services.AddSlices(typeof(FakeEvents).Assembly);
            services.AddSingleton(new FakeEvents(clock));
            services.AddSingleton(new FakePayments());
            services.AddSingleton<IOrderStores>(provider => new Stores(ActivatorUtilities.CreateInstance<SqliteOrderStores>(provider)));
        });
        return new BookingHost(started, clock);
    }

    public T Get<T>()
        where T : notnull => host.App.Services.GetRequiredService<T>();

    public Guid NewId() => Guid.CreateVersion7(Clock.GetUtcNow());

    public HttpClient Buyer(Guid? id = null) => User(id ?? NewId(), Roles.Customer);

    public HttpClient User(Guid id, params string[] roles)
    {
        var client = host.NewClient();
        HeaderAuthentication.SignIn(client, id, roles);
        return client;
    }

    public async Task<T> SendAsync<T>(IRequest<T> request)
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request);
    }

    public Shard ShardOf(Guid orderId) => Get<ShardRegistry>().OfOrder(orderId);

    public async Task<Order> LoadAsync(Guid orderId) => (await ShardOf(orderId).Store.LoadAsync([orderId])).Single();

    /// <summary>What the store of an event on sale has written.</summary>
    public WatchedStore StoreOf(Guid orderId) => (WatchedStore)ShardOf(orderId).Store;

    public OutboxEntry Encode(IIntegrationEvent message, Guid key) => MessageCodec.Encode(message, key, Clock.GetUtcNow());

    /// <summary>Sends messages as another module does, and waits until the relay has delivered them.</summary>
    public async Task DeliverAsync(params OutboxEntry[] entries)
    {
        await PostAsync(entries);
        await DeliveredAsync();
    }

    public async Task DeliveredAsync()
    {
        await Eventually.Async(() => outbox.DepthAsync(CancellationToken.None), waiting => waiting == 0, "the messages to be delivered");
        Assert.That(await Get<IDeadLetters>().CountAsync(), Is.Zero);
    }

    /// <summary>Sends messages and does not wait.</summary>
    public async Task PostAsync(params OutboxEntry[] entries)
    {
        await database.WriteAsync(session =>
        {
            foreach (var entry in entries)
            {
                SqliteOutbox.Append(session, entry);
            }
        });
        outbox.Signal();
    }

    public ValueTask DisposeAsync()
    {
        WatchedStore.OpenAll(Get<ShardRegistry>());
        return host.DisposeAsync();
    }

    private sealed class Stores(SqliteOrderStores stores) : IOrderStores
    {
        public bool AreOfThisHostAlone => stores.AreOfThisHostAlone;

        public async Task<IOrderStore> OpenAsync(ushort shard) => new WatchedStore(await stores.OpenAsync(shard));
    }
}

/// <summary>An answer as a client sees it.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode? Body, string Text, HttpResponseHeaders Headers)
{
    public string? Code => (string?)Body?["code"];

    /// <summary>The status and code of a problem, for example <c>409 ticket-taken</c>; the status alone of a success.</summary>
    public string Outcome => FormattableString.Invariant($"{(int)Status} {Code}").TrimEnd();
}

internal static class ClientExtensions
{
    public static Task<Answer> OrderAsync(this HttpClient client, object body, string? key = null) =>
        client.PostTextAsync("/api/v1/orders", System.Text.Json.JsonSerializer.Serialize(body), key);

    public static Task<Answer> PostTextAsync(this HttpClient client, string path, string text = "", string? key = null) =>
        client.AskAsync(HttpMethod.Post, path, text.Length == 0 ? null : new StringContent(text, Encoding.UTF8, "application/json"), key);

    public static Task<Answer> GetAnswerAsync(this HttpClient client, string path) => client.AskAsync(HttpMethod.Get, path, content: null, key: null);

    public static Task<Answer> CancelAsync(this HttpClient client, Guid orderId) => client.PostTextAsync($"/api/v1/orders/{orderId}/cancel");

    public static Guid Id(this Answer answer) => Guid.Parse((string)answer.Body!["id"]!);

    private static async Task<Answer> AskAsync(this HttpClient client, HttpMethod method, string path, HttpContent? content, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = content;
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), text, response.Headers);
    }
}
