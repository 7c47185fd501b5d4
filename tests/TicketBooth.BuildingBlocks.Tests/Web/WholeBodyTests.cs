using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.BuildingBlocks.Tests.Web;

/// <summary>One endpoint's body is read by the framework, the other's in one piece: a client must not see which.</summary>
public sealed class WholeBodyTests
{
    private const int Largest = 64 * 1024;

    private WebApplication app = null!;
    private HttpClient client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Largest);
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
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
        app.MapPost("/framework", (Echo body) => TypedResults.Ok(body));
        app.MapPost("/whole", (WholeBody<Echo> body) => TypedResults.Ok(body.Value));
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [TestCase("""{"name":"Ana","count":3}""", 200)]
    [TestCase("""{"NAME":"Ana","count":3}""", 200)]
    [TestCase("\uFEFF{\"name\":\"Ana\",\"count\":3}", 200)]
    [TestCase("""{"name":"Ana","count":3} """, 200)]
    [TestCase("", 400)]
    [TestCase("null", 400)]
    [TestCase("[]", 400)]
    [TestCase("{", 400)]
    [TestCase("\n\n{\"name\": 7}", 400)]
    [TestCase("""{"name":"Ana","count":3}{}""", 400)]
    [TestCase("""{"name":"Ana","count":"3"}""", 400)]
    [TestCase("""{"name":null,"count":3}""", 400)]
    [TestCase("""{"name":"Ana","count":3,"count":4}""", 400)]
    [TestCase("""{"name":"Ana","count":3,"more":4}""", 400)]
    [TestCase("""{"name":"Ana"}""", 400)]
    public async Task Is_read_or_refused_as_the_framework_does_it(string body, int status)
    {
        await AssertSameAsync(() => new StringContent(body, Encoding.UTF8, "application/json"), status);
        await AssertSameAsync(() => new Pieces(Encoding.UTF8.GetBytes(body)), status);
    }

    [TestCase("application/vnd.casino+json", 200)]
    [TestCase("Application/JSON", 200)]
    [TestCase("text/plain", 415)]
    [TestCase(null, 415)]
    public Task Its_type_must_be_JSON(string? type, int status) =>
        AssertSameAsync(
            () =>
            {
                var content = new ByteArrayContent("""{"name":"Ana","count":3}"""u8.ToArray());
                content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
                return content;
            },
            status
        );

    [Test]
    public Task A_request_without_a_body_is_refused() => AssertSameAsync(() => null, 400);

    [Test]
    public async Task A_body_of_many_pieces_is_read_and_one_that_is_too_large_is_refused()
    {
        var large = $$"""{"name":"{{new string('a', Largest - 100)}}","count":3}""";

        await AssertSameAsync(() => new StringContent(large, Encoding.UTF8, "application/json"), 200);
        await AssertSameAsync(() => new Pieces(Encoding.UTF8.GetBytes(large)), 200);

        // The framework answers this one without a document, which EmptyErrors of the host adds.
        using var tooLarge = new StringContent(large + new string(' ', 100), Encoding.UTF8, "application/json");
        Assert.That((await AnswerAsync("/whole", tooLarge)).Status, Is.EqualTo(413));
    }

    [Test]
    public void The_document_learns_of_it_as_of_any_body()
    {
        IAcceptsMetadata Of(string route) =>
            ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
                .Single(endpoint => endpoint is RouteEndpoint { RoutePattern.RawText: { } text } && text == route)
                .Metadata.GetMetadata<IAcceptsMetadata>()!;

        Assert.That(Of("/whole").RequestType, Is.EqualTo(typeof(Echo)));
        Assert.That(Of("/whole").ContentTypes, Is.EqualTo(Of("/framework").ContentTypes));
        Assert.That(Of("/whole").IsOptional, Is.False);
    }

    private async Task AssertSameAsync(Func<HttpContent?> content, int status)
    {
        var expected = await AnswerAsync("/framework", content());

        Assert.That(expected.Status, Is.EqualTo(status));
        Assert.That(await AnswerAsync("/whole", content()), Is.EqualTo(expected));
    }

    private async Task<(int Status, string Body)> AnswerAsync(string route, HttpContent? content)
    {
        using (content)
        {
            using var response = await client.PostAsync(route, content);
            var text = await response.Content.ReadAsStringAsync();
            if (text.Length == 0)
            {
                return ((int)response.StatusCode, text);
            }

            var body = JsonNode.Parse(text)!.AsObject();
            body.Remove("traceId");
            body.Remove("instance");
            return ((int)response.StatusCode, body.ToJsonString());
        }
    }

    private sealed record Echo(string Name, int Count);

    /// <summary>A body without a length, byte by byte at first.</summary>
    private sealed class Pieces : HttpContent
    {
        private readonly byte[] bytes;

        public Pieces(byte[] bytes)
        {
            this.bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (var i = 0; i < Math.Min(bytes.Length, 3); i++)
            {
                await stream.WriteAsync(bytes.AsMemory(i, 1));
                await stream.FlushAsync();
            }

            await stream.WriteAsync(bytes.AsMemory(Math.Min(bytes.Length, 3)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
