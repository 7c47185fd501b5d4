using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Webhooks;

/// <summary>Signs and verifies webhooks (Standard Webhooks): HMAC-SHA256 over <c>id.timestamp.body</c>, version <c>v1</c>.</summary>
internal sealed class WebhookSignatures
{
    /// <summary>How far a webhook's timestamp may be from our clock, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    // 128 bits are the least that HMAC-SHA256 is used with; a shorter key can only be a mistake.
    private const int ShortestKey = 16;

    private readonly byte[][] keys;

    public WebhookSignatures(IOptions<PaymentsOptions> options)
        : this(Parse(options.Value.WebhookSecret).Value) { }

    private WebhookSignatures(byte[][] keys) => this.keys = keys;

    public static WebhookSignatures Of(string secrets) => new(Parse(secrets).Value);

    /// <summary>The keys in a setting of one or more secrets.</summary>
    public static Result<byte[][]> Parse(string? secrets)
    {
        var words = secrets?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (words.Length == 0)
        {
            return Invalid("is missing. Set the whsec_ secret that the gateway shows.");
        }

        var parsed = new byte[words.Length][];
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith(SecretPrefix, StringComparison.Ordinal))
            {
                return Invalid("every secret starts with whsec_.");
            }

            var encoded = words[i].AsSpan(SecretPrefix.Length);
            var key = new byte[encoded.Length];
            if (!Convert.TryFromBase64Chars(encoded, key, out var length))
            {
                return Invalid("what follows whsec_ is not base64.");
            }

            if (length < ShortestKey)
            {
                return Invalid("a secret has fewer than 16 bytes.");
            }

            parsed[i] = key[..length];
        }

        return parsed;
    }

    /// <summary>The value of <c>webhook-signature</c>, made with the first secret.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(keys[0], id, timestamp, body, hash);
        return Version + Convert.ToBase64String(hash);
    }

    /// <summary>Whether any signature of the list in the header fits any of our secrets.</summary>
    public bool Verify(string id, string timestamp, ReadOnlySpan<byte> body, string signatures)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var fits = false;
        foreach (var key in keys)
        {
            Hash(key, id, timestamp, body, expected);
            foreach (var part in signatures.AsSpan().Split(' '))
            {
                var signature = signatures.AsSpan(part);
                fits |=
                    signature.StartsWith(Version, StringComparison.Ordinal)
                    && Convert.TryFromBase64Chars(signature[Version.Length..], given, out var length)
                    && length == given.Length
                    && CryptographicOperations.FixedTimeEquals(given, expected);
            }
        }

        return fits;
    }

    private static void Hash(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        var head = $"{id}.{timestamp}.";
        var headLength = Encoding.UTF8.GetByteCount(head);
        var content = ArrayPool<byte>.Shared.Rent(headLength + body.Length);
        Encoding.UTF8.GetBytes(head, content);
        body.CopyTo(content.AsSpan(headLength));
        HMACSHA256.HashData(key, content.AsSpan(0, headLength + body.Length), hash);
        ArrayPool<byte>.Shared.Return(content);
    }

    private static Error Invalid(string detail) => Error.Rule("webhook-secret-invalid", detail);
}
