using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Admissions.Tests;

/// <summary>The host with the module Admissions alone: its neighbours are fakes behind their contracts, and a header says who calls.</summary>
internal sealed class AdmissionsHost : IAsyncDisposable
{
    private readonly TestHost host;
    private readonly SqliteDatabase database;
    private readonly SqliteOutbox booking;

    private AdmissionsHost(TestHost host, FakeNeighbours neighbours, MovableClock clock)
    {
        this.host = host;
        (Neighbours, Clock) = (neighbours, clock);
        database = Get<EmbeddedStorage>().Open("booking-of-the-test", [SqliteOutbox.Schema, SqliteOutbox.Pages]);
        booking = new SqliteOutbox("booking-of-the-test", database);
        Get<OutboxRelay>().Attach(booking);
    }

    public FakeNeighbours Neighbours { get; }

    public MovableClock Clock { get; }

    public static async Task<AdmissionsHost> StartAsync(IEnumerable<(string Key, string Value)>? settings = null)
    {
        var neighbours = new FakeNeighbours();
        var clock = new MovableClock(Sample.Now);
        var started = await TestHost.StartAsync(clock, settings: [("Modules", "Admissions"), .. settings ?? []], services: all =>
        {
            all.AddTestAuthentication();
            all.AddSingleton<IRequestHandler<GetEventFacts, Result<IReadOnlyList<EventFacts>>>>(neighbours);
            all.AddSingleton<IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>>(neighbours);
            all.AddSingleton<IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>>(neighbours);
            all.AddSingleton<IRequestHandler<ListOrdersOfBuyer, Result<IReadOnlyList<OrderFacts>>>>(neighbours);
            all.AddSingleton<IRequestHandler<FindUsers, Result<Page<UserView>>>>(neighbours);
            all.AddSingleton<IRequestHandler<GetUsers, Result<IReadOnlyList<UserView>>>>(neighbours);
        });
        return new AdmissionsHost(started, neighbours, clock);
    }

    public T Get<T>()
        where T : notnull => host.App.Services.GetRequiredService<T>();

    public Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request) => Get<IMediator>().Send(request);

    /// <summary>An event whose door is open.</summary>
    public EventFacts NewEvent(DateTimeOffset? startsAt = null)
    {
        var id = TaggedId.NewBase(Sample.Now);
        var facts = new EventFacts(
            id, 1, IsPublished: true, IsCanceled: false, "Noite de Gala: Roberta Nunes & Orquestra", "Grand Theatre", startsAt ?? Sample.Now.AddHours(1), Sample.Now.AddDays(-20),
            Sample.Now.AddHours(1), "BRL", 500, [new TierFacts(Guid.CreateVersion7(), "Stalls", 42_000, 500)]);
        Neighbours.Events[id] = facts;
        return facts;
    }

    /// <summary>A paid order, as Booking knows it. Nobody has been told of it.</summary>
    public OrderFacts NewOrder(EventFacts show, params int[] numbers)
    {
        var id = TaggedId.New(Sample.Now, 1);
        var order = new OrderFacts(
            id, 2, show.Id, OrderStatus.Paid, [.. numbers.Select(number => new OrderedTicket(TaggedId.Of(show.Id, (ushort)number), number, show.Tiers[0].Id, 42_000))],
            42_000L * numbers.Length, "BRL", Sample.Now, Guid.CreateVersion7(), HasPendingMessages: false)
        {
            BuyerId = Guid.CreateVersion7(),
        };
        Neighbours.Orders[id] = order;
        return order;
    }

    /// <summary>Says that it is paid, and waits until that is taken in.</summary>
    public async Task<OrderFacts> PaidAsync(EventFacts show, params int[] numbers)
    {
        var order = NewOrder(show, numbers);
        await TellAsync(PaidMessage(order));
        return order;
    }

    public static OrderPaid PaidMessage(OrderFacts order) =>
        new(order.OrderId, order.Revision, order.EventId, order.BuyerId, order.Tickets, order.Total, order.Currency, order.PaymentId!.Value, Sample.Now);

    public async Task<OrderFacts> RefundedAsync(OrderFacts order)
    {
        var ended = order with
        {
            Revision = order.Revision + 1,
            Status = OrderStatus.Refunded,
            Tickets = [.. order.Tickets.Select(ticket => ticket with { Released = true })],
        };
        Neighbours.Orders[order.OrderId] = ended;
        await TellAsync(
            new OrderRefunded(order.OrderId, ended.Revision, order.EventId, order.BuyerId, ended.Tickets, order.Total, order.Currency, order.PaymentId!.Value, Sample.Now));
        return ended;
    }

    /// <summary>Says something to the module, each twice, and waits until it is taken in.</summary>
    public async Task TellAsync(params IIntegrationEvent[] messages)
    {
        await database.WriteAsync(session =>
        {
            foreach (var message in messages)
            {
                var key = message is IOrderMessage order ? order.OrderId : ((EventChanged)message).EventId;
                var entry = MessageCodec.Encode(message, key, Sample.Now);
                SqliteOutbox.Append(session, entry);
                SqliteOutbox.Append(session, entry);
            }
        });
        booking.Signal();
        await Eventually.Async(() => booking.DepthAsync(CancellationToken.None), left => left == 0, "every message to be taken in");
    }

    public HttpClient ClientOf(Guid user, string role = Roles.Customer)
    {
        var client = host.NewClient();
        client.DefaultRequestHeaders.Add(TestAuthentication.Header, $"{user} {role}");
        return client;
    }

    public HttpClient Stranger() => host.NewClient();

    public HttpClient Door() => ClientOf(Guid.CreateVersion7(), Roles.Door);

    /// <summary>The codes of an order's tickets by their number.</summary>
    public async Task<IReadOnlyDictionary<int, string>> CodesAsync(OrderFacts order)
    {
        using var buyer = ClientOf(order.BuyerId);
        var (status, body) = await AskAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets");
        Assert.That(status, Is.EqualTo(200), body?.ToJsonString());
        return body!["items"]!.AsArray().ToDictionary(ticket => (int)ticket!["number"]!, ticket => (string?)ticket!["code"] ?? "");
    }

    public static async Task<(int Status, JsonNode? Body)> AskAsync(HttpClient client, HttpMethod method, string path, JsonNode? body = null)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Holds a code to a scanner; the whole answer.</summary>
    public static async Task<JsonNode> ScanAsync(
        HttpClient door, string code, Guid? eventId = null, Guid? scanId = null, string direction = "in", DateTimeOffset? scannedAt = null, bool offline = false)
    {
        var body = new JsonObject { ["code"] = code, ["scanId"] = scanId ?? Guid.CreateVersion7(), ["direction"] = direction, ["offline"] = offline };
        if (eventId is not null)
        {
            body["eventId"] = eventId;
        }

        if (scannedAt is not null)
        {
            body["scannedAt"] = scannedAt;
        }

        var (status, answer) = await AskAsync(door, HttpMethod.Post, "/api/v1/checkins", body);
        Assert.That(status, Is.EqualTo(200), answer?.ToJsonString());
        return answer!;
    }

    public static async Task<string> OutcomeAsync(HttpClient door, string code, string direction = "in") => (string)(await ScanAsync(door, code, direction: direction))["outcome"]!;

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
