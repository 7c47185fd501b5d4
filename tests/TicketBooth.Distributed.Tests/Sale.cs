using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>
/// A sale as buyers live it behind a balancer: each orders some tickets and pays them, asks another host when one does not answer (with the same
/// idempotency key), and comes again when told so, until every ticket of the event is paid. Who cannot have so many together takes one.
/// </summary>
internal sealed class Sale(IReadOnlyList<HostProcess> hosts) : IDisposable
{
    /// <summary>The most that an order may ask for; each asks for another number.</summary>
    private const int MostTickets = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two attempts, or looks at an order, that take their time: hundreds who ask often keep those who sell from it.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private static int signedUp;

    private readonly List<HttpClient> clients =
    [
        .. hosts.Select(host => new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000 })
        {
            BaseAddress = host.Address,
            Timeout = TimeSpan.FromSeconds(20),
        }),
    ];

    private readonly ConcurrentDictionary<string, string> paid = new(StringComparer.Ordinal);
    private readonly Stopwatch watch = new();
    private int next;
    private int placed;
    private int told;
    private int wrongRefusals;

    /// <summary>The order of every ticket that a buyer saw paid.</summary>
    public IReadOnlyDictionary<string, string> Paid => paid;

    /// <summary>How many orders were granted.</summary>
    public int Placed => placed;

    /// <summary>How often a buyer was told that there are not enough tickets while nobody could have had them.</summary>
    public int WrongRefusals => wrongRefusals;

    public string EventId { get; private set; } = "";

    public string AdminToken { get; private set; } = "";

    public async Task SignInAsync() => AdminToken = await SignInAsync(TestUsers.AdminEmail, TestUsers.AdminPassword);

    /// <summary>Signs in as the administrator, and makes and publishes the event that is sold.</summary>
    public async Task OpenAsync(int tickets)
    {
        await SignInAsync();
        EventId = await PublishAsync(TicketBoothApi.EventBody(tickets, large: true));
    }

    /// <summary>Makes and publishes an event.</summary>
    public async Task<string> PublishAsync(JsonObject body)
    {
        var (_, made) = await SendAsync(AdminToken, HttpMethod.Post, "/api/v1/events", body);
        var eventId = (string)made["id"]!;
        var (published, answer) = await SendAsync(AdminToken, HttpMethod.Post, $"/api/v1/events/{eventId}/publish");
        Assert.That(published, Is.EqualTo(HttpStatusCode.OK), answer.ToJsonString());
        return eventId;
    }

    public async Task<string> NewBuyerAsync()
    {
        var email = FormattableString.Invariant($"buyer-{Interlocked.Increment(ref signedUp)}@example.com");
        const string Password = "a-long-enough-password";
        await SendAsync(
            token: null,
            HttpMethod.Post,
            "/api/v1/accounts",
            new
            {
                name = "Buyer",
                email,
                password = Password,
            }
        );
        return await SignInAsync(email, Password);
    }

    public async Task<IReadOnlyList<string>> NewBuyersAsync(int count)
    {
        var tokens = new string[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
            tokens[i] = await NewBuyerAsync()
        );
        return tokens;
    }

    /// <summary>Buys until every one of the tickets is paid.</summary>
    public async Task RunAsync(IEnumerable<string> buyers, int tickets)
    {
        watch.Start();
        var occupancy = new Occupancy(tickets);
        await Task.WhenAll(buyers.Select(token => Task.Run(() => BuyAsync(token, tickets, occupancy))));
        watch.Stop();
    }

    /// <summary>Asks some host; while it does not answer, or says not now, the next one.</summary>
    public Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(
        string? token,
        HttpMethod method,
        string path,
        object? body = null,
        string? key = null
    ) => SendAsync(() => clients[(int)((uint)Interlocked.Increment(ref next) % clients.Count)], token, method, path, body, key);

    /// <summary>Asks one host, until it answers.</summary>
    public Task<(HttpStatusCode Status, JsonObject Body)> SendToAsync(
        int host,
        string? token,
        HttpMethod method,
        string path,
        object? body = null,
        string? key = null
    ) => SendAsync(() => clients[host], token, method, path, body, key);

    /// <summary>Asks as the administrator.</summary>
    public async Task<JsonObject> AskAsync(HttpMethod method, string path) => (await SendAsync(AdminToken, method, path)).Body;

    public void Report() =>
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Paid.Count} tickets paid in {watch.Elapsed.TotalSeconds:F1} s with {Placed} orders; buyers were told to come again, or got no answer, {told} times"
            )
        );

    public void Dispose() => clients.ForEach(client => client.Dispose());

    private async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(
        Func<HttpClient> choose,
        string? token,
        HttpMethod method,
        string path,
        object? body,
        string? key
    )
    {
        var waited = Stopwatch.StartNew();
        var pause = ShortestPause;
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                using var answer = await choose().SendAsync(request);
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway))
                {
                    var text = await answer.Content.ReadAsStringAsync();
                    return (int)answer.StatusCode < 500
                        ? (answer.StatusCode, text.Length == 0 ? [] : (JsonObject)JsonNode.Parse(text)!)
                        : throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
                }
            }
            catch (Exception silent) when (silent is HttpRequestException or IOException or TaskCanceledException)
            {
                // The host is gone, or its answer is: the next attempt tells, for with the same key it can only be the same order.
            }

            Interlocked.Increment(ref told);
            if (waited.Elapsed > Patience)
            {
                throw new TimeoutException($"No host answers {method} {path}.");
            }

            await Task.Delay(pause);
            pause = Longer(pause);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;

    private async Task<string> SignInAsync(string email, string password) =>
        (string)(await SendAsync(token: null, HttpMethod.Post, "/api/v1/accounts/token", new { email, password })).Body["accessToken"]!;

    private async Task BuyAsync(string token, int tickets, Occupancy occupancy)
    {
        var quantity = 1;
        while (paid.Count < tickets)
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"{paid.Count} of {tickets} tickets are paid.");
            }

            var request = occupancy.Ask(quantity);
            var (status, order) = await SendAsync(
                token,
                HttpMethod.Post,
                "/api/v1/orders",
                new { eventId = EventId, quantity },
                key: Guid.NewGuid().ToString()
            );
            if (status == HttpStatusCode.Created)
            {
                occupancy.Grant(request);
                quantity = (Interlocked.Increment(ref placed) % MostTickets) + 1;
                await PayAsync(
                    token,
                    (string)order["id"]!,
                    [.. order["tickets"]!.AsArray().Select(ticket => (string)ticket!["id"]!)],
                    occupancy
                );
            }
            else if ((string?)order["code"] == "not-enough-tickets")
            {
                if (!occupancy.Refuse(request))
                {
                    Interlocked.Increment(ref wrongRefusals);
                }

                if (quantity == 1)
                {
                    // Everything is held; what is not paid comes back.
                    await Task.Delay(ShortestPause);
                }

                quantity = 1;
            }
            else
            {
                throw new InvalidOperationException($"An order was answered {(int)status}: {order}");
            }
        }
    }

    /// <summary>Until the order is paid, or over: its payment may have been under way on a host that died.</summary>
    private async Task PayAsync(string token, string orderId, IReadOnlyList<string> ticketIds, Occupancy occupancy)
    {
        await SendAsync(token, HttpMethod.Post, $"/api/v1/orders/{orderId}/payment", new { method = "card", token = "tok_approve" });
        var pause = ShortestPause;
        while (watch.Elapsed < Patience)
        {
            var (_, order) = await SendAsync(token, HttpMethod.Get, $"/api/v1/orders/{orderId}");
            switch ((string?)order["status"])
            {
                case "paid":
                    foreach (var ticketId in ticketIds)
                    {
                        if (!paid.TryAdd(ticketId, orderId))
                        {
                            throw new InvalidOperationException($"Ticket {ticketId} is paid in the orders {paid[ticketId]} and {orderId}.");
                        }
                    }

                    return;
                case "on_payment":
                    await Task.Delay(pause);
                    pause = Longer(pause);
                    break;
                default:
                    occupancy.End(ticketIds.Count);
                    return;
            }
        }
    }
}
