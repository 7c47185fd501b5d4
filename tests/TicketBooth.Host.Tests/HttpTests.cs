using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using TicketBooth.Host.Web;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What HTTP promises beyond bodies and statuses: methods, headers, origins, compression.</summary>
public sealed class HttpTests
{
    private const string Shop = "https://shop.example";

    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private string eventId = null!;
    private int documentsMade;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await TestHost.StartAsync(
            settings: [("Web:AllowedOrigins", $"{Shop}, http://localhost:3000"), ("RateLimits:Enabled", "true")],
            services: services => services.Configure<OpenApiOptions>("v1", options => options.AddDocumentTransformer((_, _, _) =>
            {
                Interlocked.Increment(ref documentsMade);
                return Task.CompletedTask;
            })));
        admin = await TicketBoothApi.AdminAsync(host);
        var body = TicketBoothApi.EventBody();
        body["description"] = new string('x', 4_000);
        eventId = (string)(await admin.PublishEventAsync(body))["id"]!;
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public void Whatever_answers_get_answers_head()
    {
        var deaf = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods
                && methods.Contains("GET", StringComparer.Ordinal) && !methods.Contains("HEAD", StringComparer.Ordinal))
            .Select(endpoint => endpoint.DisplayName);

        Assert.That(deaf, Is.Empty);
    }

    [TestCase("/")]
    [TestCase("/api/v1/events")]
    [TestCase("/api/v1/events/{id}")]
    [TestCase("/api/v1/accounts/me")]
    [TestCase("/api/v1/dashboard/stream")]
    [TestCase("/openapi/v1.json")]
    [TestCase("/docs/")]
    [TestCase("/backoffice/sign-in")]
    [TestCase("/health/ready")]
    public async Task Head_is_get_without_the_body(string path)
    {
        path = path.Replace("{id}", eventId, StringComparison.Ordinal);
        using var get = await admin.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using var head = await AskAsync(admin.Client, HttpMethod.Head, path);

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(head.Headers.ETag, Is.EqualTo(get.Headers.ETag));
        Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType));
    }

    [Test]
    public async Task A_method_that_does_not_fit_is_told_those_that_do()
    {
        using var refused = await AskAsync(admin.Client, HttpMethod.Delete, "/api/v1/events");

        Assert.That(refused.Content.Headers.Allow, Is.EquivalentTo(new[] { "GET", "HEAD", "POST" }));
    }

    [TestCase("br")]
    [TestCase("gzip")]
    public async Task Lists_and_documents_travel_compressed_under_a_weak_tag(string encoding)
    {
        using var plain = await AskAsync(host.Client, HttpMethod.Get, $"/api/v1/events/{eventId}");
        using var packed = await AskAsync(host.Client, HttpMethod.Get, $"/api/v1/events/{eventId}", ("Accept-Encoding", encoding));
        using var document = await AskAsync(host.Client, HttpMethod.Get, "/openapi/v1.json", ("Accept-Encoding", encoding));

        Assert.That(packed.Content.Headers.ContentEncoding.Concat(document.Content.Headers.ContentEncoding), Is.All.EqualTo(encoding));
        Assert.That(packed.Headers.Vary, Does.Contain("Accept-Encoding"));
        Assert.That((packed.Headers.ETag!.IsWeak, packed.Headers.ETag.Tag), Is.EqualTo((true, plain.Headers.ETag!.Tag)));
        await using var body = await packed.Content.ReadAsStreamAsync();
        await using Stream unpacked = encoding == "br"
            ? new BrotliStream(body, CompressionMode.Decompress)
            : new GZipStream(body, CompressionMode.Decompress);
        using var text = new StreamReader(unpacked);
        Assert.That(await text.ReadToEndAsync(), Is.EqualTo(await plain.Content.ReadAsStringAsync()));

        using var unchanged = await AskAsync(
            host.Client, HttpMethod.Get, $"/api/v1/events/{eventId}", ("Accept-Encoding", encoding), ("If-None-Match", packed.Headers.ETag.ToString()));
        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task The_document_is_made_once_however_many_ask_for_it()
    {
        var documents = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Client.GetStringAsync("/openapi/v1.json")));

        Assert.That(documents.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(documentsMade, Is.EqualTo(1));
    }

    [Test]
    public async Task Pages_with_their_form_tokens_are_not_compressed()
    {
        using var page = await AskAsync(host.Client, HttpMethod.Get, "/backoffice/sign-in", ("Accept-Encoding", "br, gzip"));

        Assert.That(page.Content.Headers.ContentEncoding, Is.Empty);
    }

    [Test]
    public async Task A_web_shop_whose_origin_is_allowed_may_call_the_api()
    {
        using var preflight = await AskAsync(
            host.Client, HttpMethod.Options, "/api/v1/orders",
            ("Origin", Shop), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization, idempotency-key"));
        using var answer = await AskAsync(host.Client, HttpMethod.Get, "/api/v1/events", ("Origin", Shop));
        using var refused = await AskAsync(host.Client, HttpMethod.Get, "/api/v1/orders", ("Origin", Shop));

        Assert.That(new[] { preflight, answer, refused }.Select(each => Header(each, "Access-Control-Allow-Origin")), Is.All.EqualTo(Shop));
        Assert.That(Header(preflight, "Access-Control-Allow-Methods"), Does.Contain("POST"));
        Assert.That(Header(preflight, "Access-Control-Allow-Headers"), Does.Contain("authorization").And.Contain("idempotency-key"));
        Assert.That(Header(answer, "Access-Control-Expose-Headers"), Does.Contain("ETag").And.Contain("RateLimit"));
        Assert.That(Header(answer, "Access-Control-Allow-Credentials"), Is.Null, "tokens travel in a header");
    }

    [TestCase("/api/v1/events", "https://evil.example")]
    [TestCase("/backoffice/sign-in", Shop)]
    public async Task Other_origins_may_not_and_pages_are_nobodys(string path, string origin)
    {
        using var answer = await AskAsync(host.Client, HttpMethod.Get, path, ("Origin", origin));

        Assert.That(Header(answer, "Access-Control-Allow-Origin"), Is.Null);
    }

    [TestCase("shop.example")]
    [TestCase("https://shop.example/path")]
    [TestCase("ftp://shop.example")]
    public async Task An_origin_that_is_none_stops_the_start_by_the_settings_name(string origin)
    {
        await using var app = TicketBoothHost.Build(["--Web:AllowedOrigins=" + origin]);
        var failure = Assert.Throws<OptionsValidationException>(() => _ = app.Services.GetRequiredService<IOptions<WebOptions>>().Value);

        Assert.That(failure!.Failures.Single(), Does.StartWith("Web:AllowedOrigins: ").And.Contain(origin));
    }

    [TestCase("/")]
    [TestCase("/api/v1/events")]
    [TestCase("/api/v1/nothing")]
    [TestCase("/api/v1/orders")]
    [TestCase("/api/v1/events?limit=x")]
    [TestCase("/openapi/v1.json")]
    [TestCase("/docs/")]
    [TestCase("/health/ready")]
    [TestCase("/.well-known/jwks.json")]
    [TestCase("/backoffice/sign-in")]
    [TestCase("/backoffice/nothing")]
    public async Task Every_answer_says_what_it_is_not_to_be_taken_for(string path)
    {
        using var answer = await AskAsync(host.Client, HttpMethod.Get, path);

        Assert.That(Header(answer, "X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(Header(answer, "Content-Security-Policy"), Does.StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'"));
        Assert.That(Header(answer, "Referrer-Policy"), Is.Not.Null);
    }

    [Test]
    public async Task What_is_personal_is_kept_by_nobody()
    {
        var order = await admin.OrderAsync(eventId);
        foreach (var path in new[] { "accounts/me", "orders", $"orders/{order["id"]}", "dashboard/summary", "accounts?email=a@b.example", "orders?limit=0" })
        {
            using var answer = await AskAsync(admin.Client, HttpMethod.Get, "/api/v1/" + path);
            Assert.That(answer.Headers.CacheControl?.NoStore, Is.True, path);
        }

        using var placed = await admin.Client.PostAsJsonAsync("/api/v1/orders", new { eventId, quantity = 1 });
        Assert.That(placed.Headers.CacheControl?.NoStore, Is.True);
        using var shown = await AskAsync(host.Client, HttpMethod.Get, "/api/v1/events");
        Assert.That(shown.Headers.CacheControl, Is.EqualTo(new CacheControlHeaderValue { NoCache = true }), "a public read says itself what may be kept");
    }

    [TestCase("events?from=01/02/2030", "from")]
    [TestCase("events?to=1+January+2030", "to")]
    [TestCase("events?from=2030-01-01T00:00:00+03:00", "from", Description = "a plus that is not encoded is a space")]
    [TestCase("events?from=12:00", "from")]
    [TestCase("events?limit=many", "limit")]
    [TestCase("events/{id}/tickets?tierId=first", "tierId")]
    [TestCase("events/{id}/price-history/chart?from=yesterday", "from")]
    [TestCase("accounts", "email")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string parameter)
    {
        using var answer = await AskAsync(admin.Client, HttpMethod.Get, "/api/v1/" + path.Replace("{id}", eventId, StringComparison.Ordinal));
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That((string?)problem["code"], Is.EqualTo("malformed-request"));
        Assert.That((string?)problem["detail"], Does.Contain($"'{parameter}'"));
        Assert.That(problem["errors"]!.AsObject().Select(error => error.Key), Is.EqualTo(new[] { parameter }));
    }

    [TestCase("2030-01-01T00:00:00Z")]
    [TestCase("2030-01-01T00:00:00")]
    [TestCase("2030-01-01")]
    [TestCase("2030-01-01T03:00:00%2B03:00")]
    public async Task Times_in_a_query_are_read_as_in_a_body(string from)
    {
        var shown = await admin.GetAsync($"/api/v1/events?from={from}&to=2030-01-01T00:00:01Z");

        Assert.That(shown["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Who_is_limited_is_told_what_is_left()
    {
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        using var first = await buyer.Client.PostAsJsonAsync("/api/v1/orders", new { eventId, quantity = 1 });
        using var second = await buyer.Client.PostAsJsonAsync("/api/v1/orders", new { });
        using var unlimited = await AskAsync(buyer.Client, HttpMethod.Get, "/api/v1/events");

        Assert.That(Header(first, "RateLimit-Policy"), Is.EqualTo("\"purchase\";q=200;w=4"));
        Assert.That(Header(first, "RateLimit"), Is.EqualTo("\"purchase\";r=199;t=1"));
        Assert.That(Header(second, "RateLimit"), Does.Match("^\"purchase\";r=19[89];t=1$"));
        Assert.That(Header(unlimited, "RateLimit"), Is.Null);
    }

    [Test]
    public async Task The_root_says_where_what_is()
    {
        var index = await admin.GetAsync("/");
        foreach (var place in new[] { "document", "reference", "health" })
        {
            using var answer = await host.Client.GetAsync((string)index[place]!);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), place);
        }

        using var stays = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(stays) { BaseAddress = host.Address };
        using var redirect = await AskAsync(browser, HttpMethod.Get, "/", ("Accept", "text/html,application/xhtml+xml"));
        Assert.That(redirect.Headers.Location, Is.EqualTo(new Uri("/backoffice", UriKind.Relative)));
    }

    [Test]
    public async Task Logs_are_json_when_a_setting_says_so()
    {
        await using var app = TicketBoothHost.Build(["--Logging:Console:FormatterName=json"]);
        var failure = Assert.Throws<OptionsValidationException>(() => TicketBoothHost.Build(["--Logging:Console:FormatterName=xml"]));

        Assert.That(app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName, Is.EqualTo(ConsoleFormatterNames.Json));
        Assert.That(failure!.Failures.Single(), Does.StartWith("Logging:Console:FormatterName: "));
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            Assert.That(request.Headers.TryAddWithoutValidation(name, value), Is.True);
        }

        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
