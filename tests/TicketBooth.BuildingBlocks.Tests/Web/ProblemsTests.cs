using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.BuildingBlocks.Tests.Web;

/// <summary>A host with the web settings of ours and nothing else: what a client sees when something goes wrong.</summary>
public sealed class ProblemsTests
{
    private const string Secret = "the customer's card is 4111";

    private static readonly ExceptionProblems Handler = new(new OutageDetector(), NullLogger<ExceptionProblems>.Instance);

    private WebApplication app = null!;
    private HttpClient client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddSingleton<IOutageDetector, OutageDetector>();
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        builder.Services.AddProblemDetails();
        app = builder.Build();
        app.UseExceptionHandler();
        app.MapPost("/echo", (Echo body) => TypedResults.Ok(body));
        app.MapGet("/number", (int number) => TypedResults.Ok(number));
        app.MapGet("/bug", string () => throw new InvalidOperationException(Secret));
        app.MapGet("/errors/{kind}", (ErrorKind kind) => new Error("some-code", kind, "Some detail.").ToProblem());
        app.MapGet("/validation", () => new Error("validation-failed", ErrorKind.Rule, "See errors.", new Dictionary<string, string[]>(StringComparer.Ordinal) { ["tiers[0].name"] = ["Too long."] }).ToProblem());
        app.MapGet("/busy/{milliseconds:int}", (int milliseconds) => Error.Unavailable("busy", "Too many at once.", TimeSpan.FromMilliseconds(milliseconds)).ToProblem());
        app.MapGet("/more", () => More.ToProblem());
        app.MapGet("/result/{value:int}", (int value) => (value > 0 ? Result<int>.From(value) : Error.NotFound("no-such-value", "None.")).ToHttp(found => TypedResults.Ok(found)));
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    private static Error More { get; } = Error.Conflict("some-code", "São 3 < 4 & \"mais\" 🎭.") with
    {
        Fields = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["tiers[0].name"] = ["Too long.", "Não."] },
        Figures = new Dictionary<string, long>(StringComparer.Ordinal) { ["total"] = 12_000 },
        Ids = new Dictionary<string, Guid>(StringComparer.Ordinal) { ["orderId"] = Guid.Empty },
    };

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [TestCase(ErrorKind.Malformed, 400)]
    [TestCase(ErrorKind.Unauthenticated, 401)]
    [TestCase(ErrorKind.Forbidden, 403)]
    [TestCase(ErrorKind.NotFound, 404)]
    [TestCase(ErrorKind.Conflict, 409)]
    [TestCase(ErrorKind.Rule, 422)]
    [TestCase(ErrorKind.TooManyRequests, 429)]
    [TestCase(ErrorKind.Unavailable, 503)]
    public async Task Every_kind_of_error_has_its_status(ErrorKind kind, int status)
    {
        using var response = await client.GetAsync($"/errors/{kind}");

        var problem = await ProblemAsync(response, status, "some-code");
        Assert.That((string?)problem["detail"], Is.EqualTo("Some detail."));
        Assert.That((string?)problem["type"], Is.EqualTo("urn:ticketbooth:problem:some-code"));
        Assert.That((string?)problem["title"], Is.Not.Empty.And.Not.EqualTo("Something went wrong here"));
    }

    [Test]
    public async Task Is_written_as_the_framework_would_write_it()
    {
        using var response = await client.GetAsync("/more");

        var text = await response.Content.ReadAsStringAsync();
        var problem = new ProblemDetails
        {
            Type = "urn:ticketbooth:problem:some-code",
            Title = "The state has moved on",
            Status = 409,
            Detail = More.Detail,
            Extensions =
            {
                ["code"] = "some-code",
                ["traceId"] = (string?)JsonNode.Parse(text)!["traceId"],
                ["errors"] = More.Fields,
                ["total"] = 12_000L,
                ["orderId"] = Guid.Empty,
            },
        };
        Assert.That(text, Is.EqualTo(JsonSerializer.Serialize(problem, app.Services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions)));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(Encoding.UTF8.GetByteCount(text)));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/problem+json"));
    }

    [Test]
    public void No_kind_of_error_was_forgotten() =>
        Assert.That(Enum.GetValues<ErrorKind>().Select(Problems.StatusOf), Is.Unique.And.All.InRange(400, 599));

    [Test]
    public async Task A_failed_validation_says_what_is_wrong_where()
    {
        using var response = await client.GetAsync("/validation");

        var problem = await ProblemAsync(response, 422, "validation-failed");
        Assert.That((string?)problem["errors"]!["tiers[0].name"]![0], Is.EqualTo("Too long."));
    }

    [TestCase(1, "1")]
    [TestCase(1_000, "1")]
    [TestCase(1_001, "2")]
    public async Task Says_in_whole_seconds_when_to_come_back(int milliseconds, string seconds)
    {
        using var response = await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/busy/{milliseconds}"));

        await ProblemAsync(response, 503, "busy");
        Assert.That(response.Headers.GetValues("Retry-After"), Is.EqualTo([seconds]));
    }

    [Test]
    public async Task A_result_answers_with_its_value_or_its_error()
    {
        Assert.That(await client.GetFromJsonAsync<int>("/result/7"), Is.EqualTo(7));

        using var response = await client.GetAsync("/result/0");
        await ProblemAsync(response, 404, "no-such-value");
    }

    [TestCase("""{"name":"a","count":1,"color":"red"}""", "unknown-field", "'color'")]
    [TestCase("""{"name":"a"}""", "missing-field", "'count'")]
    [TestCase("""{}""", "missing-field", "'count'")]
    [TestCase("""{"name":"a","count":"1"}""", "malformed-json", "$.count")]
    [TestCase("""{"name":null,"count":1}""", "malformed-json", "$.name")]
    [TestCase("""{"name":"a","count":1""", "malformed-json", "line 1")]
    [TestCase("", "malformed-request", "missing")]
    public async Task An_unreadable_body_is_the_clients_mistake_and_says_where(string body, string code, string hint)
    {
        using var response = await PostAsync(body);

        var problem = await ProblemAsync(response, 400, code);
        Assert.That((string?)problem["detail"], Does.Contain(hint).And.Not.Contain(nameof(Echo)).And.Not.Contain("System."));
    }

    [Test]
    public async Task A_parameter_of_the_wrong_type_is_malformed()
    {
        using var response = await client.GetAsync("/number?number=seven");

        await ProblemAsync(response, 400, "malformed-request");
    }

    [Test]
    public async Task A_body_beyond_the_limit_is_too_large()
    {
        await using var services = new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };

        var handled = await Handler.TryHandleAsync(context, new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge), CancellationToken.None);

        context.Response.Body.Position = 0;
        var problem = await JsonNode.ParseAsync(context.Response.Body);
        Assert.That(handled, Is.True);
        Assert.That((context.Response.StatusCode, (string?)problem!["code"]), Is.EqualTo((413, "body-too-large")));
    }

    [Test]
    public async Task A_client_that_has_gone_is_not_answered()
    {
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true), Response = { Body = new MemoryStream() } };

        Assert.That(await Handler.TryHandleAsync(context, new OperationCanceledException(), CancellationToken.None), Is.True);
        Assert.That(context.Response.Body.Length, Is.Zero);
    }

    [Test]
    public async Task A_bug_is_a_500_that_gives_nothing_away()
    {
        using var response = await client.GetAsync("/bug");

        await ProblemAsync(response, 500, "internal-error");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain(Secret).And.Not.Contain(nameof(InvalidOperationException)));
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await client.PostAsync("/echo", content);
    }

    /// <summary>What every problem document of ours has.</summary>
    private static async Task<JsonObject> ProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo((HttpStatusCode)status), text);
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"), text);
        var problem = (JsonObject)JsonNode.Parse(text)!;
        Assert.That((int?)problem["status"], Is.EqualTo(status), text);
        Assert.That((string?)problem["code"], Is.EqualTo(code), text);
        Assert.That((string?)problem["traceId"], Is.Not.Null.And.Not.Empty, text);
        return problem;
    }

    internal sealed record Echo(string Name, int Count);
}
