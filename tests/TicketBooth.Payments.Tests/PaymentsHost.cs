using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Webhooks;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests;

/// <summary>The host with the Payments module alone: Booking is a fake behind its contract, and a header says who calls.</summary>
internal sealed class PaymentsHost : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>An address where nobody listens.</summary>
    public const string NoWebhook = "http://127.0.0.1:1/";

    private readonly TestHost host;
    private readonly IOutboxSource? outbox;

    private PaymentsHost(TestHost host, FakeBooking booking, IOutboxSource? outbox) => (this.host, Booking, this.outbox) = (host, booking, outbox);

    public FakeBooking Booking { get; }

    public TestHost Host => host;

    public HttpClient Client => host.Client;

    public IPaymentStore Store => Get<IPaymentStore>();

    /// <param name="listen">Keeps what Payments says for <see cref="Said"/>; it then counts as pending for ever.</param>
    public static async Task<PaymentsHost> StartAsync(
        TimeProvider? clock = null, string? folder = null, FakeBooking? booking = null, bool listen = true,
        IEnumerable<(string Key, string Value)>? settings = null, Action<IServiceCollection>? services = null)
    {
        booking ??= new FakeBooking(clock ?? TimeProvider.System);
        var started = await TestHost.StartAsync(
            clock, folder, [("Modules", "Payments"), ("Payments:WebhookSecret", Secret), .. settings ?? []], all =>
            {
                all.AddSingleton<IRequestHandler<BeginPayment, Result<PaymentTerms>>>(booking);
                all.AddSingleton<IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>>(booking);
                TestAuthentication.AddTo(all);
                services?.Invoke(all);
            });
        var said = started.App.Services.GetRequiredService<IPaymentStore>().Outbox as IOutboxSource;
        if (listen && said is not null)
        {
            await said.SubscribeAsync("test");
        }

        return new PaymentsHost(started, booking, said);
    }

    public T Get<T>()
        where T : notnull => host.App.Services.GetRequiredService<T>();

    public IEnumerable<T> All<T>() => host.App.Services.CreateScope().ServiceProvider.GetServices<T>();

    public Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request) => Get<IMediator>().Send(request);

    public HttpClient ClientOf(Guid user, string role = Roles.Customer)
    {
        var client = host.NewClient();
        client.DefaultRequestHeaders.Add(TestAuthentication.Header, $"{user} {role}");
        return client;
    }

    /// <summary>Everything of one type that Payments has said, oldest first. Only the embedded store can keep it.</summary>
    public IReadOnlyList<T> Said<T>()
        where T : class => [.. outbox!.Read(0, 1_000).Where(Messages.Holds<T>).Select(Messages.Read<T>)];

    public int SaidInAll() => outbox!.Read(0, 1_000).Count;

    /// <summary>Stops keeping what was said so far.</summary>
    public Task DeliverAllAsync() => outbox!.AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["test"] = outbox.Read(0, 1_000)[^1].Sequence });

    /// <summary>A payment of a new order, as if <c>PayOrder</c> had stopped right after keeping it.</summary>
    public async Task<Payment> KeepPaymentAsync(Func<Payment, Payment>? change = null)
    {
        var order = Booking.NewOrder();
        var now = Get<TimeProvider>().GetUtcNow();
        var payment = new Payment(Guid.CreateVersion7(now), order.Id, Contracts.PaymentMethod.Card, order.Total, order.Currency, now.AddMinutes(15), now);
        payment = change?.Invoke(payment) ?? payment;
        await Store.AddAsync(payment);
        return payment;
    }

    public static async Task<(HttpResponseMessage Response, JsonNode? Body)> PostAsync(HttpClient client, string path, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        var response = await client.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        return (response, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<(HttpResponseMessage Response, JsonNode? Body)> PayAsync(FakeOrder order, string body)
    {
        using var client = ClientOf(order.Buyer);
        return await PostAsync(client, $"/api/v1/orders/{order.Id}/payment", body);
    }

    /// <summary>A payment of an order that was declined.</summary>
    public Task KeepDeclineAsync(FakeOrder order, string reason = "declined", TimeSpan ago = default)
    {
        var now = Get<TimeProvider>().GetUtcNow();
        return Store.AddAsync(
            new Payment(Guid.CreateVersion7(now), order.Id, Contracts.PaymentMethod.Card, order.Total, order.Currency, now.AddMinutes(15) - ago, now - ago)
            {
                BuyerId = order.Buyer,
                Status = Contracts.PaymentStatus.Declined,
                DeclineReason = reason,
                DeclinedAt = now - ago,
            });
    }

    /// <summary>Pays with a card and demands 202; the payment's id.</summary>
    public async Task<Guid> PayByCardAsync(FakeOrder order, string token)
    {
        var (response, body) = await PayAsync(order, $$"""{"method":"card","token":"{{token}}"}""");
        using (response)
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(202), body?.ToJsonString());
            return (Guid)body!["paymentId"]!;
        }
    }

    /// <summary>A webhook of the gateway's; what is not given is right.</summary>
    public async Task<(int Status, string? Code)> WebhookAsync(
        Payment payment, string type = "payment.confirmed", string externalId = "ext-1", long? amount = null, string? currency = null,
        string? webhookId = null, DateTimeOffset? at = null, string? secret = null, string? body = null)
    {
        body ??= JsonSerializer.Serialize(
            new { type, data = new { externalId, paymentId = payment.Id, amount = amount ?? payment.Amount, currency = currency ?? payment.Currency } });
        var id = webhookId ?? $"msg_{Guid.CreateVersion7():N}";
        var timestamp = (at ?? Get<TimeProvider>().GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/payments") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", WebhookSignatures.Of(secret ?? Secret).Sign(id, timestamp, Encoding.UTF8.GetBytes(body)));
        using var response = await Client.SendAsync(request);
        var problem = response.IsSuccessStatusCode ? null : await response.Content.ReadFromJsonAsync<JsonObject>();
        return ((int)response.StatusCode, (string?)problem?["code"]);
    }

    public Task<Payment> WaitForAsync(Guid paymentId, Contracts.PaymentStatus status) => WaitForAsync(paymentId, payment => payment.Status == status);

    public async Task<Payment> WaitForAsync(Guid paymentId, Func<Payment, bool> isSo) =>
        (await Eventually.Async(() => Store.FindAsync(paymentId), payment => payment is not null && isSo(payment), "the payment to change"))!;

    /// <summary>Waits until the sandbox has sent all of its webhooks, and knows that.</summary>
    public Task AllCallbacksDeliveredAsync() =>
        Eventually.Async(
            async () =>
            {
                await Get<SandboxCallbacks>().StoreDeliveredAsync();
                return (await Get<ISandboxLedger>().UndeliveredAsync()).Count;
            },
            owed => owed == 0,
            "every callback to be delivered");

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

internal sealed record FakeOrder(Guid Id, Guid Buyer, long Total, string Currency);

/// <summary>Booking as Payments sees it.</summary>
internal sealed class FakeBooking(TimeProvider clock)
    : IRequestHandler<BeginPayment, Result<PaymentTerms>>, IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>
{
    private readonly ConcurrentDictionary<Guid, FakeOrder> orders = new();

    /// <summary>What the audit is told.</summary>
    public ConcurrentDictionary<Guid, OrderFacts> Facts { get; } = new();

    public ConcurrentQueue<BeginPayment> Begun { get; } = new();

    /// <summary>Instead of terms.</summary>
    public Error? Refusal { get; set; }

    /// <summary>By order: a payment under way, which every other one is refused for.</summary>
    public ConcurrentDictionary<Guid, Guid> UnderWay { get; } = new();

    /// <summary>Tells also of orders that have no payment.</summary>
    public bool KnowsAll { get; init; }

    /// <summary>Takes the guard away: also a payment that another one has replaced already may be replaced.</summary>
    public bool LetsAnyReplace { get; set; }

    /// <summary>How many orders one question named at most.</summary>
    public int LargestQuestion { get; private set; }

    public DateTimeOffset HoldExpiresAt => clock.GetUtcNow().AddMinutes(15);

    public FakeOrder NewOrder(long total = 12_500, string currency = "BRL", Guid? buyer = null)
    {
        var order = new FakeOrder(Guid.CreateVersion7(), buyer ?? Guid.CreateVersion7(), total, currency);
        orders[order.Id] = order;
        return order;
    }

    public Task<Result<PaymentTerms>> Handle(BeginPayment request, CancellationToken cancellationToken)
    {
        Begun.Enqueue(request);
        Result<PaymentTerms> answer = (Refusal, orders.GetValueOrDefault(request.OrderId)) switch
        {
            ({ } refusal, _) => refusal,
            _ when UnderWay.TryGetValue(request.OrderId, out var other) && other != request.PaymentId && !Replaces(request) => PaymentsErrors.InProgress,
            (_, { } order) when order.Buyer == request.BuyerId => new PaymentTerms(order.Id, order.Total, order.Currency, HoldExpiresAt),
            _ => Error.NotFound("order-not-found", "There is no such order of yours."),
        };
        return Task.FromResult(answer);
    }

    public Task<Result<IReadOnlyList<OrderFacts>>> Handle(GetOrderFacts request, CancellationToken cancellationToken)
    {
        LargestQuestion = Math.Max(LargestQuestion, request.OrderIds.Count);
        var known = request.OrderIds.Where(Facts.ContainsKey).Select(id => Facts[id]);
        var underWay = request.OrderIds.Where(id => (UnderWay.ContainsKey(id) || (KnowsAll && orders.ContainsKey(id))) && !Facts.ContainsKey(id)).Select(FactsOf);
        return Task.FromResult(Result<IReadOnlyList<OrderFacts>>.From([.. known, .. underWay]));
    }

    /// <summary>As Booking's lane does it: of several that want to replace one payment, one does.</summary>
    private bool Replaces(BeginPayment request) =>
        request.InsteadOf is { } ended && (LetsAnyReplace || UnderWay.TryUpdate(request.OrderId, request.PaymentId, ended));

    private OrderFacts FactsOf(Guid orderId)
    {
        var order = orders[orderId];
        return new(
            orderId, 1, Guid.CreateVersion7(), OrderStatus.OnPayment, [], order.Total, order.Currency, clock.GetUtcNow(), UnderWay.TryGetValue(orderId, out var payment) ? payment : null,
            HasPendingMessages: false)
        {
            BuyerId = order.Buyer,
        };
    }
}
