using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>Makes requests for the operations of the OpenAPI document: valid ones by its examples and schemas, and what goes wrong with them.</summary>
internal sealed partial class ApiRequests(JsonObject document, ApiScene scene, string webhookSecret)
{
    private const double Wrong = 0.15;

    // Of a request whose path may lead to another operation, or to none.
    private static readonly HttpRequestOptionsKey<bool> HasLostItsWay = new("lost");

    /// <summary>Each operation of the document: its method and its path.</summary>
    public static IEnumerable<(string Method, string Path)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Value is JsonObject { Count: > 0 } body && body.ContainsKey("responses")
        select (operation.Key.ToUpperInvariant(), path.Key);

    public HttpRequestMessage Make(string method, string path, Random random)
    {
        var operation = document["paths"]![path]![method.ToLowerInvariant()]!.AsObject();
        var isLost = false;
        var filled = Parameter().Replace(path, match =>
        {
            var isWrong = random.Happens(Wrong);
            isLost |= isWrong;
            return Uri.EscapeDataString(isWrong ? random.From(Hostile.Texts) : IdFor(path, match.Groups["name"].Value, random));
        });
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(filled + Query(operation, random), UriKind.Relative));
        request.Options.Set(HasLostItsWay, isLost);
        AddHeaders(request, operation, random);
        AddBody(request, operation, random);
        if (path.Contains("webhooks", StringComparison.Ordinal))
        {
            Sign(request, random);
        }

        AddCaller(request, random);
        return request;
    }

    /// <summary>As <see cref="Uri.EscapeDataString(string)"/>, but now and then with bytes that are no UTF-8.</summary>
    public static string Escaped(string text, Random random) => Uri.EscapeDataString(text) + (random.Happens(0.02) ? "%ED%A0%80%FF" : "");

    /// <summary>What the document does not tell about an answer: its status, or its code. Null when it tells all.</summary>
    public async Task<string?> FindUntoldAsync(string method, string path, HttpRequestMessage request, HttpResponseMessage answer)
    {
        if (request.Options.TryGetValue(HasLostItsWay, out var isLost) && isLost)
        {
            return null;
        }

        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (document["paths"]![path]![method.ToLowerInvariant()]!["responses"]![status] is not { } told)
        {
            return $"The document does not tell of {status}.";
        }

        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        var code = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!;
        return told["content"]?["application/problem+json"]?["examples"]?[code] is null ? $"The document does not tell of {status} {code}." : null;
    }

    private string IdFor(string path, string name, Random random) =>
        (name, path.Split('/')) switch
        {
            ("paymentId", _) => scene.PaymentId,
            ("number", _) => scene.FailedMessage,
            (_, [_, _, _, "accounts", ..]) => scene.AccountId,
            (_, [_, _, _, "orders", ..] or [_, _, _, "dashboard", "orders", ..]) => random.From(scene.Orders),
            _ => random.From(scene.Events),
        };

    private string Query(JsonObject operation, Random random)
    {
        var pairs = ParametersOf(operation, "query")
            .Where(parameter => (bool?)parameter["required"] == true || random.Happens(0.5))
            .Select(parameter => $"{parameter["name"]}={Escaped(random.Happens(0.4) ? random.From(Hostile.Texts) : ValidFor(parameter, random), random)}")
            .ToList();
        if (random.Happens(0.05))
        {
            pairs.Add(random.From(["unknown=1", "limit=1&limit=2", "cursor", "=", "search[]=x", "%FF=%FF"]));
        }

        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private string ValidFor(JsonObject parameter, Random random)
    {
        var schema = parameter["schema"]!;
        return (string)parameter["name"]! switch
        {
            _ when schema["enum"] is JsonArray known => (string?)known[random.Next(known.Count)] ?? "",
            _ when (string?)schema["format"] == "date" => "2026-01-01",
            "byId" => scene.AccountId,
            "eventId" or "subjectId" => random.From(scene.Events),
            "tierId" => scene.TierId,
            "limit" => random.Next(1, 201).ToString(CultureInfo.InvariantCulture),
            "from" => "2026-01-01T00:00:00Z",
            "to" => "2036-01-01T00:00:00Z",
            "email" => TestUsers.AdminEmail,
            "cursor" => Convert.ToBase64String(Enumerable.Range(0, 24).Select(_ => (byte)random.Next(256)).ToArray()).Replace('+', '-').Replace('/', '_'),
            _ => random.From(["samba", "a", "paid", "on_payment", "stuck_payment", "available"]),
        };
    }

    private static void AddHeaders(HttpRequestMessage request, JsonObject operation, Random random)
    {
        foreach (var parameter in ParametersOf(operation, "header").Where(_ => random.Happens(0.5)))
        {
            Add(request, (string)parameter["name"]!, random.Happens(0.5) ? random.From(Hostile.Texts) : "key-" + random.Next(3).ToString(CultureInfo.InvariantCulture));
        }

        if (random.Happens(Wrong))
        {
            Add(request, random.From(["If-Match", "If-None-Match", "Accept", "Accept-Language", "Range", "traceparent", "X-Forwarded-For", "Origin", "Prefer"]), random.From(Hostile.Texts));
        }
    }

    /// <summary>Headers are of one line; what a client cannot put into one, it cannot send.</summary>
    private static void Add(HttpRequestMessage request, string name, string value) =>
        request.Headers.TryAddWithoutValidation(name, string.Concat(value.Where(letter => letter is >= ' ' and < (char)127)));

    private void AddBody(HttpRequestMessage request, JsonObject operation, Random random)
    {
        if (operation["requestBody"]?["content"]?["application/json"]?["example"]?.DeepClone() is not { } example)
        {
            request.Content = random.Happens(0.05) ? new StringContent(random.From(Hostile.Json)) : null;
            return;
        }

        var valid = scene.Localized(example, random);
        request.Content = new ByteArrayContent(random.Happens(0.3) ? Encoding.UTF8.GetBytes(valid.ToJsonString()) : BodyMutations.Mutated(valid, random));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Happens(Wrong) ? random.From(Hostile.ContentTypes) : "application/json");
    }

    private void AddCaller(HttpRequestMessage request, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                break;
            case 1 when random.Happens(0.5):
                Add(request, "Authorization", random.From(Hostile.Tokens));
                break;
            case 1 or 2 or 3:
                request.Headers.Authorization = scene.Buyer.Client.DefaultRequestHeaders.Authorization;
                break;
            default:
                request.Headers.Authorization = scene.Admin.Client.DefaultRequestHeaders.Authorization;
                break;
        }
    }

    private void Sign(HttpRequestMessage request, Random random)
    {
        var id = random.Happens(Wrong) ? random.From(Hostile.Texts) : "msg_" + random.Next(20).ToString(CultureInfo.InvariantCulture);
        var at = random.Happens(Wrong)
            ? random.From(Hostile.Texts)
            : TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var copy = new MemoryStream();
        request.Content?.CopyTo(copy, context: null, CancellationToken.None);
        var hash = HMACSHA256.HashData(Convert.FromBase64String(webhookSecret), Encoding.UTF8.GetBytes($"{id}.{at}.").Concat(copy.ToArray()).ToArray());
        request.Headers.Remove("webhook-id");
        request.Headers.Remove("webhook-timestamp");
        request.Headers.Remove("webhook-signature");
        Add(request, "webhook-id", id);
        Add(request, "webhook-timestamp", at);
        Add(request, "webhook-signature", random.Happens(Wrong) ? random.From(Hostile.Texts) : "v1," + Convert.ToBase64String(hash));
    }

    private static IEnumerable<JsonObject> ParametersOf(JsonObject operation, string place) =>
        (operation["parameters"]?.AsArray() ?? []).OfType<JsonObject>().Where(parameter => (string?)parameter["in"] == place);

    [GeneratedRegex(@"\{(?<name>[a-zA-Z]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Parameter();
}
