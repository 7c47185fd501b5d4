using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Pix;

namespace TicketBooth.Gateways.Tests.Pix;

/// <summary>
/// One stand-in for all tests of a fixture, because certificates and listeners cost more than a test, and a client with a token that is new for
/// each. What tests leave behind is charges, money, and a clock that was moved forward.
/// </summary>
public abstract class PixStandInFixture
{
    protected const string Key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";
    private static int txids;

    protected PixStandIn StandIn { get; private set; } = null!;
    protected HttpClient Client { get; private set; } = null!;

    protected virtual PixStandInOptions Options => new();

    [OneTimeSetUp]
    public async Task Start()
    {
        StandIn = await PixStandIn.StartAsync(Options);
        Client = StandIn.CreateClient(StandIn.Certificates.Client);
    }

    [SetUp]
    public async Task Begin()
    {
        StandIn.Faults.Clear();
        StandIn.Callbacks.Plan = CallbackPlan.AtOnce;
        StandIn.Bank.Returns = ReturnMode.Settle;
        Client.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync());
        if (StandIn.FindWebhook(Key) is not null)
        {
            await CallAsync(HttpMethod.Delete, $"webhook/{Key}");
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Client.Dispose();
        await StandIn.DisposeAsync();
    }

    protected static string NewTxid() => $"{Interlocked.Increment(ref txids):D32}";

    protected static JsonObject Body(string amount = "37.00", int expiry = 3600) =>
        new()
        {
            ["calendario"] = new JsonObject { ["expiracao"] = expiry },
            ["valor"] = new JsonObject { ["original"] = amount },
            ["chave"] = Key,
        };

    protected async Task<HttpResponseMessage> AskForTokenAsync(string? scope = null, string? secret = null, string grant = "client_credentials", HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, StandIn.TokenUrl);
        var pair = $"{Uri.EscapeDataString(StandIn.Options.ClientId)}:{Uri.EscapeDataString(secret ?? StandIn.Options.ClientSecret)}";
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["grant_type"] = grant };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        request.Content = new FormUrlEncodedContent(form);
        return await (client ?? Client).SendAsync(request);
    }

    protected async Task<string> TokenAsync(string? scope = null)
    {
        using var answer = await AskForTokenAsync(scope);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
    }

    protected async Task<(int Status, JsonNode? Json)> CallAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    protected Task<(int Status, JsonNode? Json)> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    protected Task<(int Status, JsonNode? Json)> PutAsync(string path, JsonNode body) => CallAsync(HttpMethod.Put, path, body);

    protected async Task<string> ChargeAsync(string amount = "37.00")
    {
        var txid = NewTxid();
        Assert.That((await PutAsync($"cob/{txid}", Body(amount))).Status, Is.EqualTo(201));
        return txid;
    }

    protected static void IsProblem((int Status, JsonNode? Json) answer, int status, string type) =>
        Assert.That(
            (answer.Status, answer.Json?["type"]?.GetValue<string>()),
            Is.EqualTo((status, "https://pix.bcb.gov.br/api/v2/error/" + type)),
            answer.Json?.ToJsonString()
        );
}
