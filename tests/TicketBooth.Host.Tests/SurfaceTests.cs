using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What every endpoint owes a client: a documented contract, and a problem document for everything that goes wrong.</summary>
public sealed partial class SurfaceTests
{
    private static readonly string[] Writes = ["post", "put"];

    private TestHost host;
    private JsonObject document;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await TestHost.StartAsync();
        document = (JsonObject)JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!;
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [TestCase("post", "/api/v1/accounts")]
    [TestCase("post", "/api/v1/accounts/token")]
    [TestCase("get", "/api/v1/accounts/me")]
    [TestCase("get", "/api/v1/events")]
    [TestCase("get", "/api/v1/events/{id}")]
    [TestCase("get", "/api/v1/events/{id}/tickets")]
    [TestCase("post", "/api/v1/events")]
    [TestCase("put", "/api/v1/events/{id}")]
    [TestCase("post", "/api/v1/events/{id}/publish")]
    [TestCase("post", "/api/v1/events/{id}/cancel")]
    [TestCase("post", "/api/v1/orders")]
    [TestCase("get", "/api/v1/orders")]
    [TestCase("get", "/api/v1/orders/{id}")]
    [TestCase("post", "/api/v1/orders/{id}/payment")]
    [TestCase("post", "/api/v1/orders/{id}/cancel")]
    [TestCase("post", "/api/v1/webhooks/payments")]
    public void The_route_of_the_contract_is_documented(string method, string path) =>
        Assert.That(document["paths"]?[path]?[method], Is.Not.Null);

    [Test]
    public async Task The_figures_for_Prometheus_are_there_when_asked_for_and_only_then()
    {
        await using var measured = await TestHost.StartAsync(settings: [("Metrics:Enabled", "true")]);
        await measured.Client.GetAsync("/api/v1/events");
        var page = await measured.Client.GetStringAsync("/metrics");
        using var refused = await host.Client.GetAsync("/metrics");
        Assert.Multiple(() =>
        {
            Assert.That(page, Does.Contain("ticketbooth_events_reads_loaded").And.Contain("http_server_request_duration"));
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        });
    }

    [Test]
    public void Every_operation_has_a_name_of_its_own_a_summary_a_description_and_a_tag()
    {
        var operations = Operations().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(operations.Select(operation => (string?)operation.Body["operationId"]), Is.Unique.And.All.Not.Null);
            foreach (var (name, body) in operations)
            {
                Assert.That((string?)body["summary"], Is.Not.Null.And.Not.Empty, name);
                Assert.That((string?)body["description"], Is.Not.Null.And.Not.Empty, name);
                Assert.That(body["tags"]?.AsArray(), Is.Not.Null.And.Count.EqualTo(1), name);
            }
        });
    }

    [Test]
    public void Every_request_and_every_successful_answer_with_a_body_has_an_example()
    {
        Assert.Multiple(() =>
        {
            foreach (var (name, body) in Operations())
            {
                foreach (var content in Contents(body["requestBody"]))
                {
                    Assert.That(content["example"], Is.Not.Null, $"request of {name}");
                }

                foreach (var (status, response) in body["responses"]!.AsObject().Where(response => response.Key[0] == '2'))
                {
                    foreach (var content in Contents(response))
                    {
                        Assert.That(content["example"], Is.Not.Null, $"{status} of {name}");
                    }
                }
            }
        });
    }

    [Test]
    public void Every_operation_documents_its_errors_as_problem_documents()
    {
        Assert.Multiple(() =>
        {
            foreach (var (name, body) in Operations())
            {
                var responses = body["responses"]!.AsObject();
                foreach (var (status, response) in responses.Where(response => response.Key[0] is '4' or '5'))
                {
                    var examples = response!["content"]?["application/problem+json"]?["examples"]?.AsObject();
                    Assert.That(examples, Is.Not.Null.And.Not.Empty, $"{status} of {name}");
                    Assert.That(examples!.All(example => (string?)example.Value!["value"]!["code"] == example.Key), $"{status} of {name}");
                }

                if (body["security"]!.AsArray().Count > 0)
                {
                    Assert.That(responses.ContainsKey("401"), $"{name} needs a token and does not say what happens without one");
                }

                if (Writes.Any(method => name.StartsWith(method, StringComparison.Ordinal)) && body["requestBody"] is not null)
                {
                    Assert.That(responses.Select(response => response.Key), Is.SupersetOf(new[] { "400", "413", "415" }), $"{name} reads a body");
                }
            }
        });
    }

    [Test]
    public void Every_post_that_acts_documents_its_idempotency_key()
    {
        var without = Operations()
            .Where(operation => operation.Name.StartsWith("post ", StringComparison.Ordinal))
            .Where(operation => operation.Body["parameters"]?.AsArray().Any(parameter => (string?)parameter!["name"] == "Idempotency-Key") != true)
            .Select(operation => operation.Name);

        Assert.That(without, Is.EquivalentTo(new[]
        {
            "post /api/v1/accounts/confirm",
            "post /api/v1/accounts/guest",
            "post /api/v1/accounts/guest/confirm",
            "post /api/v1/checkins",
            "post /api/v1/checkins/{scanId}/undo",
            "post /api/v1/accounts/password-reset",
            "post /api/v1/accounts/token",
            "post /api/v1/staff/invitations",
            "post /api/v1/staff/invitations/{id}/renew",
            "post /api/v1/webhooks/payments",
            "post /api/v1/events/{id}/pricing/dry-run",
        }));
    }

    [Test]
    public void Every_rule_of_a_field_shows_as_a_limit_or_in_words()
    {
        var silent =
            from validated in ValidatedTypes()
            from validator in host.App.Services.GetServices(typeof(IValidator<>).MakeGenericType(validated)).OfType<IValidator>()
            from member in validator.CreateDescriptor().GetMembersWithValidators()
            from rule in member
            where rule.Validator is IPredicateValidator
            where rule.Options.GetUnformattedErrorMessage().StartsWith("The specified condition", StringComparison.Ordinal)
            select $"{validator.GetType().DeclaringType?.Name}.{member.Key}";

        // The objections to a password depend on it, and the document says all of them. The list of staff is no route.
        Assert.That(silent.Distinct(StringComparer.Ordinal), Is.SubsetOf(new[] { "SignUp.Password", "AcceptInvitation.Password", "ListEvents." }));
        Assert.Multiple(() =>
        {
            Assert.That(Field("CreateEvent", "name"), Does.Contain("Otherwise refused: Must be visible text"));
            Assert.That(Field("CreateEvent", "tiers"), Does.Contain("\"minItems\":1,\"maxItems\":50").Or.Contain("\"maxItems\":50,\"minItems\":1"));
            Assert.That(Field("CreateEvent", "currency"), Does.Contain("ISO 4217"));
            Assert.That(Field("RequestOrder", "ticketIds"), Does.Contain("\"maxItems\":10").And.Contain("Each ticket may be listed once."));
            Assert.That(Field("SignUp", "password"), Does.Contain("8 to 128 characters"));
            Assert.That(Field("AdjustPrices", "percentage"), Does.Contain("At most two digits after the point."));
            Assert.That(Field("ChangeRoles", "roles"), Does.Contain("One of customer, clerk, admin, door."));
        });
    }

    [Test]
    public void The_bearer_scheme_is_declared_and_required_where_a_token_is_needed()
    {
        Assert.Multiple(() =>
        {
            Assert.That((string?)document["components"]!["securitySchemes"]!["Bearer"]!["scheme"], Is.EqualTo("bearer"));
            Assert.That(document["paths"]!["/api/v1/orders"]!["post"]!["security"], Is.Not.Null);
            Assert.That(document["paths"]!["/api/v1/events"]!["get"]!["security"]!.AsArray(), Is.Empty, "nobody needs a token");
        });
    }

    [Test]
    public void What_is_read_has_a_schema()
    {
        var silent =
            from operation in Operations()
            where operation.Name.StartsWith("get ", StringComparison.Ordinal)
            where !Contents(operation.Body["responses"]!["200"]).Any(content => content["schema"] is not null)
            select operation.Name;
        Assert.That(silent, Is.Empty);
    }

    [Test]
    public void The_codes_in_a_description_are_those_of_the_status_beside_them()
    {
        var claims =
            from operation in Operations()
            from Match claim in StatusWithCodes().Matches((string)operation.Body["description"]!)
            from code in Code().Matches(claim.Groups["codes"].Value).Select(code => code.Value)
            select (operation.Name, operation.Body, Status: claim.Groups["status"].Value, Text: code);
        var known = claims.Where(claim => AllCodes().Contains(claim.Text)).ToList();
        Assert.That(known, Has.Count.GreaterThan(50));
        Assert.That(
            known.Where(claim => ((string?)claim.Body["responses"]![claim.Status]?["description"])?.Contains($"`{claim.Text}`", StringComparison.Ordinal) != true)
                .Select(claim => $"{claim.Name}: {claim.Status} {claim.Text}"),
            Is.Empty);
    }

    [Test]
    public void An_operation_for_some_says_for_whom()
    {
        var open =
            from operation in Operations()
            let says = ((string)operation.Body["description"]!).Split(' ').Contains("administrators.", StringComparer.Ordinal)
            // A signed link that has expired is refused with 403, too, and is nobody's role.
            let forbidden = operation.Body["responses"]!["403"]?["description"]
            where says != (forbidden is not null && !((string)forbidden!).Contains("`link-expired`", StringComparison.Ordinal))
            select operation.Name;
        Assert.That(open, Is.Empty);
    }

    [Test]
    public void What_can_fail_for_an_If_Match_takes_one()
    {
        var without =
            from operation in Operations()
            where operation.Body["responses"]!["412"] is not null
            where operation.Body["parameters"]!.AsArray().All(parameter => (string?)parameter!["name"] != "If-Match")
            select operation.Name;
        Assert.That(without, Is.Empty);
    }

    [Test]
    public void Only_a_repeated_order_never_has_to_wait_for_the_first()
    {
        var without =
            from operation in Operations()
            where operation.Body["parameters"]?.AsArray().Any(parameter => (string?)parameter!["name"] == "Idempotency-Key") == true
            where operation.Body["responses"]!["409"]?["description"]?.ToString().Contains("request-in-progress", StringComparison.Ordinal) != true
            select operation.Name;
        Assert.That(without, Is.EqualTo(new[] { "post /api/v1/orders" }));
    }

    [Test]
    public void A_limited_operation_describes_what_is_left()
    {
        var headers = document["paths"]!["/api/v1/orders"]!["post"]!["responses"]!["201"]!["headers"]!.AsObject();
        Assert.That(headers.Select(header => header.Key), Is.SupersetOf(new[] { "RateLimit", "RateLimit-Policy", "Location" }));
    }

    [Test]
    public void Every_parameter_says_what_it_is_for()
    {
        var silent =
            from operation in Operations()
            from parameter in operation.Body["parameters"]?.AsArray() ?? []
            where string.IsNullOrEmpty((string?)parameter!["description"])
            select $"{parameter["name"]} of {operation.Name}";
        Assert.That(silent, Is.Empty, "a text is missing in src/TicketBooth.Host/Web/Document/Parameters.cs");
    }

    [Test]
    public void Times_and_enumerations_have_a_type_and_a_time_may_be_null_where_it_may()
    {
        var schemas = document["components"]!["schemas"]!;
        var properties = schemas.AsObject().SelectMany(schema => schema.Value!["properties"]?.AsObject() ?? []).ToList();
        var times = properties.Where(property => (string?)property.Value!["format"] == "date-time").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(times, Is.Not.Empty);
            Assert.That(times.Where(time => time.Value!["type"] is null).Select(time => time.Key), Is.Empty);
            Assert.That(schemas.AsObject().Where(schema => schema.Value!["enum"] is not null && (string?)schema.Value["type"] != "string"), Is.Empty);
            Assert.That(schemas["EventSummary"]!["properties"]!["publishedAt"]!["type"]!.AsArray().Select(type => (string?)type), Is.EquivalentTo(new[] { "null", "string" }));
            Assert.That((string?)schemas["EventSummary"]!["properties"]!["startsAt"]!["type"], Is.EqualTo("string"));
        });
    }

    [Test]
    public void Requests_are_closed_and_answers_are_open()
    {
        var schemas = document["components"]!["schemas"]!;
        Assert.Multiple(() =>
        {
            Assert.That((bool?)schemas["EventBody"]!["additionalProperties"], Is.False);
            Assert.That((bool?)schemas["SignUpRequest"]!["additionalProperties"], Is.False);
            Assert.That(schemas["OrderView"]!["additionalProperties"], Is.Null);
            Assert.That(schemas["PageOfEventSummary"]!["additionalProperties"], Is.Null);
            Assert.That(schemas["ReceiveWebhookRequest"]!["additionalProperties"], Is.Null, "gateways add fields");
        });
    }

    [Test]
    public void Limits_are_those_of_the_validators()
    {
        var schemas = document["components"]!["schemas"]!;
        Assert.Multiple(() =>
        {
            Assert.That((int?)schemas["SignUpRequest"]!["properties"]!["name"]!["maxLength"], Is.EqualTo(200));
            Assert.That((int?)schemas["EventBody"]!["properties"]!["name"]!["maxLength"], Is.EqualTo(200));
            Assert.That((long?)schemas["TierBody"]!["properties"]!["price"]!["maximum"], Is.EqualTo(100_000_000));
            Assert.That((int?)schemas["AdjustPricesBody"]!["properties"]!["percentage"]!["exclusiveMinimum"], Is.EqualTo(-100));
            Assert.That((int?)schemas["RequestOrderRequest"]!["properties"]!["quantity"]!["maximum"], Is.EqualTo(10));
        });
    }

    [Test]
    public void No_schema_is_called_request_or_response()
    {
        var names = document["components"]!["schemas"]!.AsObject().Select(schema => schema.Key).ToList();
        Assert.That(names, Is.Not.Empty.And.None.EqualTo("Request").And.None.EqualTo("Response").And.None.Matches<string>(name => char.IsDigit(name[^1])));
    }

    [TestCase("/docs")]
    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task The_page_is_there(string path)
    {
        using var answer = await host.Client.GetAsync(path);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("GET", "/api/v1/nothing", 404, "not-found")]
    [TestCase("DELETE", "/api/v1/events", 405, "method-not-allowed")]
    [TestCase("GET", "/api/v1/orders", 401, "unauthenticated")]
    public async Task What_the_framework_refuses_is_a_problem_document_too(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await AssertProblemAsync(host.Client, request, status, code);
    }

    [TestCase("{", "malformed-json")]
    [TestCase("[]", "malformed-json")]
    [TestCase("\"text\"", "malformed-json")]
    [TestCase("", "malformed-request")]
    [TestCase("{\"name\":\"A\",\"email\":\"a@b.example\",\"password\":\"a-long-password\",\"role\":\"admin\"}", "unknown-field")]
    [TestCase("{\"name\":\"A\",\"email\":\"a@b.example\"}", "missing-field")]
    [TestCase("{\"name\":\"A\",\"email\":\"a@b.example\",\"email\":\"c@d.example\",\"password\":\"a-long-password\"}", "malformed-json")]
    [TestCase("{\"name\":\"A\",\"email\":\"a@b.example\",\"Email\":\"c@d.example\",\"password\":\"a-long-password\"}", "malformed-json")]
    [TestCase("{\"name\":7,\"email\":\"a@b.example\",\"password\":\"a-long-password\"}", "malformed-json")]
    public async Task A_body_that_cannot_be_read_is_400(string body, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        await AssertProblemAsync(host.Client, request, 400, code);
    }

    [Test]
    public async Task A_body_of_one_megabyte_is_413()
    {
        // The host answers without reading the body. A client that were still sending it could find the connection closed before it reads
        // the answer, so this one waits for the host's word first.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts");
        request.Headers.ExpectContinue = true;
        request.Content = new StringContent("{\"name\":\"" + new string('x', 1_000_000) + "\"}", Encoding.UTF8, "application/json");
        await AssertProblemAsync(client, request, 413, "body-too-large");
    }

    [Test]
    public async Task A_body_of_another_type_is_415()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts");
        request.Content = new StringContent("name=A", Encoding.UTF8, "application/x-www-form-urlencoded");
        await AssertProblemAsync(host.Client, request, 415, "unsupported-media-type");
    }

    [TestCase("application/json; charset=klingon", 415, "unsupported-media-type")]
    [TestCase("application/json; charset=utf-16", 415, "unsupported-media-type")]
    [TestCase("application/json; charset=UTF-8", 422, "validation-failed")]
    [TestCase("application/json; charset=\"utf-8\"", 422, "validation-failed")]
    [TestCase("application/json; charset=", 422, "validation-failed")]
    public async Task JSON_is_UTF_8_and_nothing_else(string contentType, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts");
        request.Content = new ByteArrayContent("""{"name":"Ana","email":"no address","password":"a-long-password"}"""u8.ToArray());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        await AssertProblemAsync(host.Client, request, status, code);
    }

    [TestCase("/api/v1/events?search=%EF%BF%BE", 200)]
    [TestCase("/api/v1/events?search=a%00b", 200)]
    [TestCase("/api/v1/events?cursor=________________________________", 422)]
    [TestCase("/api/v1/orders?cursor=________________________________", 200)]
    [TestCase("/api/v1/dashboard/orders?cursor=________________________________", 422)]
    [TestCase("/api/v1/dashboard/orders?search=%EF%BF%BE", 200)]
    [TestCase("/api/v1/dashboard/acts?cursor=________________________________", 422)]
    [TestCase("/api/v1/accounts?email=a%EF%BF%BE@b.example", 422)]
    public async Task What_no_client_should_send_is_no_failure_of_the_server(string path, int status)
    {
        var admin = await TicketBoothApi.AdminAsync(host);
        using var answer = await admin.Client.GetAsync(path);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
    }

    [TestCase("{\"eventId\":\"01990000-0000-7000-8000-000000000000\",\"quantity\":-1}", 422, "validation-failed")]
    [TestCase("{\"eventId\":\"01990000-0000-7000-8000-000000000000\",\"quantity\":2147483647}", 422, "validation-failed")]
    [TestCase("{\"eventId\":\"01990000-0000-7000-8000-000000000000\",\"quantity\":99999999999999999999}", 400, "malformed-json")]
    [TestCase("{\"eventId\":\"01990000-0000-7000-8000-000000000000\",\"quantity\":1.5}", 400, "malformed-json")]
    [TestCase("{\"eventId\":\"01990000-0000-7000-8000-000000000000\",\"quantity\":1}", 404, "event-not-found")]
    [TestCase("{\"eventId\":\"not-an-id\",\"quantity\":1}", 400, "malformed-json")]
    [TestCase("{\"ticketIds\":[]}", 422, "validation-failed")]
    [TestCase("{}", 422, "validation-failed")]
    [TestCase("{\"ticketIds\":[\"01990000-0000-8000-8000-000000000001\"]}", 404, "ticket-not-found")]
    public async Task An_order_that_makes_no_sense_is_refused(string body, int status, string code)
    {
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        await AssertProblemAsync(buyer.Client, request, status, code);
    }

    [Test]
    public async Task Too_many_requests_are_429_with_a_time_to_wait()
    {
        await using var limited = await TestHost.StartAsync(settings: [("RateLimits:Enabled", "true")]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => limited.Client.PostAsync("/api/v1/accounts/token", null)));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.Not.Empty);
            Assert.That(refused.Select(answer => answer.Headers.RetryAfter), Has.None.Null);
            Assert.That(refused.Select(answer => answer.Content.Headers.ContentType?.MediaType), Has.All.EqualTo("application/problem+json"));
        });
    }

    private static async Task AssertProblemAsync(HttpClient client, HttpRequestMessage request, int status, string code)
    {
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That((int)answer.StatusCode, Is.EqualTo(status), text);
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        });
        var problem = JsonNode.Parse(text)!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)problem["code"], Is.EqualTo(code));
            Assert.That((int?)problem["status"], Is.EqualTo(status));
            Assert.That((string?)problem["traceId"], Is.Not.Empty);
            Assert.That(text, Does.Not.Contain("TicketBooth."), "no type of ours is anybody's business");
        });
    }

    [GeneratedRegex(@"(?<![0-9])(?<status>4\d\d|503):?\s(?<codes>`?[a-z]+(?:-[a-z]+)+`?(?:,?\s(?:or |and )?`?[a-z]+(?:-[a-z]+)+`?)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex StatusWithCodes();

    [GeneratedRegex("[a-z]+(-[a-z]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Code();

    private static IEnumerable<JsonNode> Contents(JsonNode? part) => part?["content"]?.AsObject().Select(content => content.Value!) ?? [];

    private static IEnumerable<Type> ValidatedTypes() =>
        typeof(TicketBoothHost).Assembly.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("TicketBooth.", StringComparison.Ordinal))
            .SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type => type is { IsAbstract: false, BaseType.IsGenericType: true } && typeof(IValidator).IsAssignableFrom(type))
            .Select(type => type.BaseType!.GetGenericArguments()[0])
            .Where(validated => !validated.IsGenericParameter)
            .Distinct();

    private HashSet<string> AllCodes() =>
        (
            from operation in Operations()
            from response in operation.Body["responses"]!.AsObject()
            from code in Code().Matches((string)response.Value!["description"]!)
            select code.Value
        ).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the document says of a field of an operation's body.</summary>
    private string Field(string operation, string field)
    {
        var body = Operations().Single(each => (string?)each.Body["operationId"] == operation).Body["requestBody"]!["content"]!["application/json"]!["schema"]!;
        var schema = (string?)body["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : body;
        return schema["properties"]![field]!.ToJsonString();
    }

    private IEnumerable<(string Name, JsonObject Body)> Operations() =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value!.AsObject());
}
