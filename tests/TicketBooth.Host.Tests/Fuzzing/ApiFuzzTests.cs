using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>
/// No request makes the REST API fail: whatever is wrong with it is the sender's fault and told so, with a status and a code that the document
/// has.
/// </summary>
public sealed class ApiFuzzTests
{
    private const string Secret = "ZnV6ei10ZXN0LXdlYmhvb2stc2VjcmV0LTE=";
    private const int RequestsOfAnOperation = 12;
    private const int MostFailures = 20;

    private FuzzedStores stores = null!;
    private TestHost host = null!;
    private JsonObject document = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        stores = await FuzzedStores.OpenAsync();
        host = await TestHost.StartAsync(
            settings: [("Payments:WebhookSecret", "whsec_" + Secret), ("Booking:HoldMinutes", "5"), .. stores.Settings]);
        document = (JsonObject)JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        await stores.DisposeAsync();
    }

    [Test]
    public async Task Every_answer_to_a_wrong_request_is_one_of_the_document_and_none_is_5xx()
    {
        var failures = new List<string>();
        foreach (var seed in FuzzRounds.Seeds())
        {
            await RunRoundAsync(seed, failures);
            if (failures.Count >= MostFailures)
            {
                break;
            }
        }

        Assert.That(failures, Is.Empty);
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/openapi/v1.json")]
    [TestCase("/openapi/v2.json")]
    [TestCase("/openapi/%00.json")]
    [TestCase("/docs")]
    [TestCase("/docs/v1")]
    [TestCase("/docs/%EF%BF%BE")]
    [TestCase("/nowhere")]
    public async Task No_request_beside_the_document_is_answered_with_5xx(string path)
    {
        // Some of them: none of these addresses reads its query.
        foreach (var text in Hostile.Texts.Where((_, i) => i % 10 == 0))
        {
            using var answer = await host.Client.GetAsync($"{path}?x={Uri.EscapeDataString(text)}");
            Assert.That((int)answer.StatusCode, Is.LessThan(500), text);
        }
    }

    [Test]
    public void Every_route_of_the_API_is_in_the_document()
    {
        var documented = ApiRequests.Operations(document).Select(operation => $"{operation.Method} {operation.Path}").ToHashSet(StringComparer.Ordinal);
        var routes = (
            from endpoint in ((IEndpointRouteBuilder)host.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace(":guid", "", StringComparison.Ordinal).Replace(":long", "", StringComparison.Ordinal)
            where path.StartsWith("/api", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            where method is not ("HEAD" or "OPTIONS")
            select $"{method} {path}"
        ).ToList();
        Assert.That(routes, Has.Count.GreaterThan(30));
        Assert.That(routes.Where(route => !documented.Contains(route)), Is.Empty);
    }

    private async Task RunRoundAsync(int seed, List<string> failures)
    {
        var random = new Random(seed);
        var requests = new ApiRequests(document, await ApiScene.NewAsync(host), Secret);
        var operations = ApiRequests.Operations(document).SelectMany(operation => Enumerable.Repeat(operation, RequestsOfAnOperation)).ToArray();
        random.Shuffle(operations);
        using var client = new HttpClient { BaseAddress = host.Address };
        foreach (var (method, path) in operations)
        {
            using var request = requests.Make(method, path, random);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var untold = await requests.FindUntoldAsync(method, path, request, answer);
            if ((int)answer.StatusCode >= 500 || untold is not null)
            {
                failures.Add($"seed {seed}: {untold}\n{await ToldAsync(request)}\n  -> {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    private static async Task<string> ToldAsync(HttpRequestMessage request)
    {
        var body = request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync());
        return $"{request.Method} {request.RequestUri}\n{request.Headers}{request.Content?.Headers}{body}";
    }
}
