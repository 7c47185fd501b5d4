using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web.Idempotency;

/// <summary>How an endpoint treats an <c>Idempotency-Key</c>. Without it the key counts for every POST.</summary>
public sealed class IdempotencyKeyUse
{
    /// <summary>The endpoint keeps the keys itself.</summary>
    public static readonly IdempotencyKeyUse ByEndpoint = new();

    /// <summary>
    /// The endpoint changes nothing, knows a repeated request by other means, or answers with a secret that must not be kept.
    /// </summary>
    public static readonly IdempotencyKeyUse None = new();

    private IdempotencyKeyUse() { }
}

/// <summary>The header <c>Idempotency-Key</c>: a key as it is, or quoted as in the draft of the IETF.</summary>
public static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";
    public const int Longest = 255;

    /// <summary>How long a request with the same key gets the same answer.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    private static readonly Error Malformed = new(
        "validation-failed",
        ErrorKind.Rule,
        "The request breaks at least one rule; see errors.",
        new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["idempotencyKey"] = [$"One key of 1 to {Longest} visible ASCII characters, as it is or in double quotes."],
        }
    );

    /// <summary>The endpoint keeps the keys itself; see <see cref="IdempotencyKeyUse.ByEndpoint"/>.</summary>
    public static TBuilder KeepsIdempotencyKeys<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(IdempotencyKeyUse.ByEndpoint);

    /// <summary>An <c>Idempotency-Key</c> does not count here; see <see cref="IdempotencyKeyUse.None"/>.</summary>
    public static TBuilder WithoutIdempotencyKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(IdempotencyKeyUse.None);

    /// <summary>
    /// The id of what a request with an <c>Idempotency-Key</c> does: the same however often it is repeated, on whatever host. What is made
    /// under it cannot be made twice. Null without a key.
    /// </summary>
    public static Guid? OperationId(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Operation>()?.Id;
    }

    /// <summary>The key of a request, without quotes.</summary>
    public static Result<string> Read(StringValues header)
    {
        if (header is not [{ } text])
        {
            return Malformed;
        }

        text = text.Trim(' ');
        var key = text.StartsWith('"') ? Unquoted(text) : text;
        return key is { Length: >= 1 and <= Longest } && key.All(letter => letter is >= ' ' and <= '~') ? key : Malformed;
    }

    /// <summary>A string of RFC 9651: in double quotes, with a backslash before a quote or a backslash. Null for anything else.</summary>
    private static string? Unquoted(string text)
    {
        var key = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    return i == text.Length - 1 ? key.ToString() : null;
                case '\\' when i + 1 < text.Length && text[i + 1] is '"' or '\\':
                    key.Append(text[++i]);
                    break;
                case '\\':
                    return null;
                default:
                    key.Append(text[i]);
                    break;
            }
        }

        return null;
    }

    internal sealed record Operation(Guid Id);
}
