using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web.Idempotency;

/// <summary>
/// Gives POST requests of one user with the same <c>Idempotency-Key</c> the same answer for 24 hours, whatever the endpoint, so that a
/// client that has lost an answer may ask again.
/// </summary>
/// <remarks>
/// Only successes are kept: a refusal means that nothing was done, and the next request with the key is judged anew. A request that failed
/// half-way may be repeated; endpoints whose repetition would do harm act under its <see cref="IdempotencyKeys.OperationId"/>.
/// Keys are stored as hashes, and fingerprints under the key, so that what is stored reveals no password that a body held.
/// </remarks>
internal sealed class IdempotencyMiddleware(RequestDelegate next, IAnsweredRequests answered, TimeProvider clock)
{
    // Longer than any request takes. The host that took a request and died has then given it up.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly Error KeyReused = Error.Rule(
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request within the last 24 hours."
    );

    private static readonly Error InProgress = new(
        "request-in-progress",
        ErrorKind.Conflict,
        "The first request with this Idempotency-Key is not answered yet; ask again after the time in Retry-After.",
        RetryAfter: TimeSpan.FromSeconds(1)
    );

    // Requests with one key follow each other on this host; the store settles those of other hosts.
    private readonly ConcurrentDictionary<string, Task> running = new(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var headers = context.Request.Headers;
        if (
            !HttpMethods.IsPost(context.Request.Method)
            || !headers.TryGetValue(IdempotencyKeys.Header, out var header)
            || context.GetEndpoint() is not { } endpoint
            || context.IsPage()
        )
        {
            return next(context);
        }

        var use = endpoint.Metadata.GetMetadata<IdempotencyKeyUse>();
        if (use == IdempotencyKeyUse.None)
        {
            return next(context);
        }

        var key = IdempotencyKeys.Read(header);
        if (key.Error is { } malformed)
        {
            return malformed.ToProblem().ExecuteAsync(context);
        }

        if (use == IdempotencyKeyUse.ByEndpoint)
        {
            headers[IdempotencyKeys.Header] = key.Value;
            return next(context);
        }

        return InTurnAsync(context, key.Value);
    }

    private async Task InTurnAsync(HttpContext context, string key)
    {
        var secret = Encoding.UTF8.GetBytes(key);
        var user = context.User.FindFirstValue(Claims.UserId) ?? "";
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{user}\n{key}")));
        var fingerprint = await FingerprintAsync(context.Request, secret, context.RequestAborted);
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (running.GetOrAdd(id, turn.Task) is var other && other != turn.Task)
        {
            await other.WaitAsync(context.RequestAborted);
        }

        try
        {
            await AnswerAsync(context, id, fingerprint);
        }
        finally
        {
            running.TryRemove(id, out _);
            turn.SetResult();
        }
    }

    private async Task AnswerAsync(HttpContext context, string id, string fingerprint)
    {
        var now = clock.GetUtcNow();
        var (isMine, request) = await answered.ReserveAsync(
            id,
            new AnsweredRequest(fingerprint, TaggedId.NewBase(now), now, now + Longest),
            validFrom: now - IdempotencyKeys.Remembered
        );
        if (isMine)
        {
            await ActAsync(context, id, request.OperationId);
        }
        else if (request.Fingerprint != fingerprint)
        {
            await KeyReused.ToProblem().ExecuteAsync(context);
        }
        else if (request.Answer is { } answer)
        {
            await SendAsync(context.Response, answer);
        }
        else
        {
            await InProgress.ToProblem().ExecuteAsync(context);
        }
    }

    private async Task ActAsync(HttpContext context, string id, Guid operationId)
    {
        var response = context.Response;
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        context.Features.Set(new IdempotencyKeys.Operation(operationId));
        response.Body = body;
        var isKept = false;
        try
        {
            await next(context);

            // Before the client learns of it: an answer that was sent is one that comes again.
            await KeepAsync(response, body, id, operationId);
            isKept = true;
        }
        finally
        {
            context.Features.Set(sent);
            if (!isKept)
            {
                await answered.EndAsync(id, operationId);
            }
        }

        if (body.Length > 0)
        {
            await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
        }
    }

    private Task KeepAsync(HttpResponse response, MemoryStream body, string id, Guid operationId) =>
        response.StatusCode is >= 200 and < 300
            ? answered.AnswerAsync(
                id,
                operationId,
                new StoredAnswer(
                    response.StatusCode,
                    response.ContentType,
                    response.Headers.Location,
                    response.Headers.ETag,
                    body.ToArray()
                )
            )
            : answered.RemoveAsync(id, operationId);

    private static async Task SendAsync(HttpResponse response, StoredAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers.Location = answer.Location;
        response.Headers.ETag = answer.ETag;
        if (answer.Body.Length > 0)
        {
            await response.Body.WriteAsync(answer.Body, response.HttpContext.RequestAborted);
        }
    }

    /// <summary>Reads the body, and leaves it to be read again.</summary>
    private static async Task<string> FingerprintAsync(HttpRequest request, byte[] secret, CancellationToken cancellationToken)
    {
        // The server bounds its length.
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        body.Position = 0;
        request.Body = body;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
