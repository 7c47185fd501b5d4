using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>A request that the stand-in answered.</summary>
/// <param name="IsReplayed">The answer was the one that is kept for the idempotency key.</param>
public sealed record StripeCall(string Method, string Path, string Parameters, string? IdempotencyKey, int Status, bool IsReplayed);

/// <summary>What holds for every request: key, version, form, idempotency, faults.</summary>
internal sealed class StripeServer(StripeLedger ledger, StripeEndpoints endpoints, StripeFaults faults, CancellationToken stopping)
{
    private readonly Dictionary<string, Kept> kept = new(StringComparer.Ordinal);
    private readonly List<StripeCall> calls = [];

    public IReadOnlyList<StripeCall> Calls
    {
        get
        {
            lock (ledger.Gate)
            {
                return [.. calls];
            }
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(ending.Token);
        var isPost = HttpMethods.IsPost(context.Request.Method);
        var parameters = isPost ? body : context.Request.QueryString.Value ?? "";
        var key = isPost && context.Request.Headers.TryGetValue("Idempotency-Key", out var header) ? header.ToString() : null;
        var requestId = StripeLedger.NewId("req_");
        var (answer, isReplayed, fault) = (default(Answer)!, false, default(StripeFault));
        try
        {
            RequireAccess(context.Request, isPost);
            var path = context.Request.Path.Value!;
            var (operation, endpoint, id) = endpoints.Find(context.Request.Method, path)
                ?? throw new StripeRefusal(404, "invalid_request_error", null, $"Unrecognized request URL ({context.Request.Method}: {path}).");
            var form = StripeForm.Parse(parameters);
            fault = faults.Take(operation);
            if (fault is { Works: false, IsSilent: true })
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, ending.Token);
            }

            if (fault is { Works: false, Breaks: true })
            {
                context.Abort();
                return;
            }

            (answer, isReplayed) = await RunAsync(new Request(requestId, key, $"{path}?{parameters}"), () => endpoint(form, id), form, fault, ending.Token);
        }
        catch (StripeRefusal refusal)
        {
            answer = Answer.Of(refusal);
        }

        lock (ledger.Gate)
        {
            calls.Add(new StripeCall(context.Request.Method, context.Request.Path.Value!, parameters, key, answer.Status, isReplayed));
        }

        if (fault is { Works: true, IsSilent: true })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ending.Token);
        }

        if (fault is { Breaks: true })
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, answer, requestId, key, isReplayed);
    }

    private static async Task WriteAsync(HttpContext context, Answer answer, string requestId, string? key, bool isReplayed)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["Request-Id"] = requestId;
        context.Response.Headers["Stripe-Version"] = context.Request.Headers["Stripe-Version"];
        if (key is not null)
        {
            context.Response.Headers["Idempotency-Key"] = key;
        }

        if (isReplayed)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
        }

        await context.Response.WriteAsync(answer.Body);
    }

    /// <summary>The work under the ledger's gate; with a key, once.</summary>
    private async Task<(Answer, bool)> RunAsync(Request request, Func<Func<JsonObject>> read, StripeForm form, StripeFault? fault, CancellationToken cancellationToken)
    {
        if (request.Key is not { } key)
        {
            await HoldAsync(fault, cancellationToken);
            return (Execute(request, read(), form, fault), false);
        }

        if (key.Length is 0 or > 255)
        {
            throw StripeRefusal.Invalid("Idempotency keys have 1 to 255 characters.");
        }

        lock (ledger.Gate)
        {
            if (kept.TryGetValue(key, out var before))
            {
                return before.Fingerprint != request.Fingerprint ? throw new StripeRefusal(400, "idempotency_error", null,
                        $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.")
                    : before.Answer is null ? throw new StripeRefusal(409, "invalid_request_error", "idempotency_key_in_use",
                        $"There is currently another in-progress request using this Idempotent Key: {key}. Please try again later.")
                    : (before.Answer, true);
            }

            kept.Add(key, new Kept(request.Fingerprint, null));
        }

        Answer? answer = null;
        try
        {
            var work = read();
            await HoldAsync(fault, cancellationToken);
            answer = Execute(request, work, form, fault);
            return (answer, false);
        }
        finally
        {
            lock (ledger.Gate)
            {
                // What was refused before its execution began is not kept.
                if (answer is null or { Status: 429 or 503 })
                {
                    kept.Remove(key);
                }
                else
                {
                    kept[key] = new Kept(request.Fingerprint, answer);
                }
            }
        }
    }

    private static Task HoldAsync(StripeFault? fault, CancellationToken cancellationToken) => fault?.Hold?.PassAsync(cancellationToken) ?? Task.CompletedTask;

    private Answer Execute(Request request, Func<JsonObject> work, StripeForm form, StripeFault? fault)
    {
        if (fault is { Works: false, Status: { } status })
        {
            return Answer.Of(Broken(status));
        }

        lock (ledger.Gate)
        {
            ledger.Request = (request.Id, request.Key);
            try
            {
                var json = work();
                StripeList.Expand(json, form.Many("expand"), ledger);
                return fault is { Status: { } after } ? Answer.Of(Broken(after)) : new Answer(200, json.ToJsonString());
            }
            catch (StripeRefusal refusal)
            {
                return Answer.Of(refusal);
            }
            finally
            {
                ledger.Request = null;
            }
        }
    }

    private static StripeRefusal Broken(int status) => status == 429
        ? new StripeRefusal(429, "invalid_request_error", "rate_limit", "Request rate limit exceeded.")
        : new StripeRefusal(status, "api_error", null, "An error occurred on the stand-in's side, as it was told.");

    private void RequireAccess(HttpRequest request, bool isPost)
    {
        var given = AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) ? header : null;
        var key = given?.Scheme switch
        {
            "Bearer" => given.Parameter,
            "Basic" => Encoding.UTF8.GetString(Convert.FromBase64String(given.Parameter ?? "")).Split(':')[0],
            _ => throw new StripeRefusal(401, "invalid_request_error", null, "You did not provide an API key."),
        };
        if (key != ledger.Options.ApiKey)
        {
            throw new StripeRefusal(401, "invalid_request_error", null, $"Invalid API Key provided: ****{key?[^Math.Min(4, key.Length)..]}");
        }

        var version = request.Headers["Stripe-Version"].ToString();
        if (version != ledger.Options.ApiVersion)
        {
            throw StripeRefusal.Invalid($"Invalid Stripe API version: '{version}'. The stand-in speaks {ledger.Options.ApiVersion}.");
        }

        if (isPost && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true && request.ContentLength > 0)
        {
            throw StripeRefusal.Invalid($"Invalid request: the content type has to be application/x-www-form-urlencoded, not {request.ContentType}.");
        }
    }

    private sealed record Request(string Id, string? Key, string Fingerprint);

    private sealed record Kept(string Fingerprint, Answer? Answer);

    private sealed record Answer(int Status, string Body)
    {
        public static Answer Of(StripeRefusal refusal) => new(refusal.Status, new JsonObject { ["error"] = refusal.ToJson() }.ToJsonString());
    }
}
