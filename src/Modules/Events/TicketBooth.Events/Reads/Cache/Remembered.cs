using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>An answer as it is sent.</summary>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="ETag">Strong, a hash of the body; an event's starts with its revision, which <c>If-Match</c> on an edit refers to.</param>
/// <param name="HoldsUntil">When a status in it changes by itself.</param>
/// <param name="IsPublic">False when only staff may see it.</param>
internal sealed record Remembered(byte[] Body, string ETag, DateTimeOffset HoldsUntil, bool IsPublic)
{
    private const int TagBytes = 16;

    public static Remembered Of<T>(T value, JsonSerializerOptions json, DateTimeOffset holdsUntil, bool isPublic, long? revision = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, json);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes));
        return new Remembered(
            body,
            revision is null ? $"\"{hash}\"" : FormattableString.Invariant($"\"{revision}-{hash}\""),
            holdsUntil,
            isPublic
        );
    }

    /// <summary>
    /// The revision that an <c>If-Match</c> header asks for: null when it asks for none, 0 when it is no tag of an event.
    /// </summary>
    /// <remarks>Only the revision counts: the rest of the tag changes with every sale, and a sale is no reason to refuse an edit.</remarks>
    public static long? RevisionOf(StringValues ifMatch)
    {
        if (StringValues.IsNullOrEmpty(ifMatch) || ifMatch == "*")
        {
            return null;
        }

        var tag = ifMatch.ToString().AsSpan().Trim();

        // Weak where the answer was compressed: the revision is the same.
        tag = tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
        var dash = tag.IndexOf('-');
        return
            tag.Length > 2
            && tag[0] == '"'
            && dash > 1
            && long.TryParse(tag[1..dash], System.Globalization.NumberStyles.None, provider: null, out var revision)
            ? revision
            : 0;
    }

    public bool IsKnownTo(HttpRequest request)
    {
        var known = request.Headers.IfNoneMatch;
        if (known.Count == 0)
        {
            return false;
        }

        // Nearly every client sends the one tag that it has.
        if (known.Count == 1 && known[0] == ETag)
        {
            return true;
        }

        var mine = new EntityTagHeaderValue(ETag);
        return EntityTagHeaderValue.TryParseList(known, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(mine, useStrongComparison: false));
    }
}

/// <summary>Sends an answer, or 304 to a client that has it.</summary>
internal sealed class RememberedResult(Remembered answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = answer.ETag;
        response.Headers.CacheControl = answer.IsPublic ? "no-cache" : "private, no-cache";
        if (answer.IsKnownTo(httpContext.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.Body.Length;
        await response.BodyWriter.WriteAsync(answer.Body, httpContext.RequestAborted);
    }
}
