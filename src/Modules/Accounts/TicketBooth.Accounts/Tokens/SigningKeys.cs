using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Tokens;

/// <summary>The key pairs of access tokens: the newest signs, all verify. Read once, at the start.</summary>
internal sealed class SigningKeys(TimeProvider clock) : IDisposable
{
    // The library's own cache is static: it would hand a key pair that another host of this process has disposed of to this one.
    private static readonly CryptoProviderFactory NoCache = new() { CacheSignatureProviders = false };

    private readonly Dictionary<string, ECDsaSecurityKey> keys = new(StringComparer.Ordinal);

    /// <summary>Null before the start, and where there is no key and none may be made.</summary>
    public SigningCredentials? Newest { get; private set; }

    /// <summary>The public halves as a JSON Web Key Set (RFC 7517).</summary>
    public byte[] PublicKeys { get; private set; } = "{\"keys\":[]}"u8.ToArray();

    public async Task LoadAsync(DbConnection connection, bool makeFirst, CancellationToken cancellationToken)
    {
        var stored = await connection.ListAsync(
            "SELECT Id, PrivateKey FROM SigningKeys ORDER BY CreatedAt", row => (Id: row.GetString(0), PrivateKey: row.GetFieldValue<byte[]>(1)), cancellationToken);
        if (stored.Count == 0 && makeFirst)
        {
            var made = Make(clock.GetUtcNow());
            await connection.RunAsync(
                "INSERT INTO SigningKeys(Id, PrivateKey, CreatedAt) VALUES (@id, @key, @at)",
                cancellationToken,
                ("@id", made.Id), ("@key", made.PrivateKey), ("@at", made.CreatedAt.UtcTicks));
            stored.Add((made.Id, made.PrivateKey));
        }

        foreach (var key in stored)
        {
            var pair = ECDsa.Create();
            pair.ImportPkcs8PrivateKey(key.PrivateKey, out _);
            keys.Add(key.Id, new ECDsaSecurityKey(pair) { KeyId = key.Id, CryptoProviderFactory = NoCache });
        }

        if (stored.Count > 0)
        {
            Newest = new SigningCredentials(keys[stored[^1].Id], SecurityAlgorithms.EcdsaSha256);
            PublicKeys = JsonSerializer.SerializeToUtf8Bytes(new { keys = stored.Select(key => PublicHalf(keys[key.Id])) });
        }
    }

    /// <summary>The key that the token names. Other keys are not tried: a token without one of our key ids is not ours.</summary>
    public SecurityKey? Find(string? keyId) => keyId is not null && keys.TryGetValue(keyId, out var key) ? key : null;

    internal static SigningKey Make(DateTimeOffset now)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKey
        {
            Id = Base64UrlEncoder.Encode(new ECDsaSecurityKey(pair).ComputeJwkThumbprint()),
            PrivateKey = pair.ExportPkcs8PrivateKey(),
            CreatedAt = now,
        };
    }

    public void Dispose()
    {
        foreach (var key in keys.Values)
        {
            key.ECDsa.Dispose();
        }
    }

    private static Dictionary<string, string> PublicHalf(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new(StringComparer.Ordinal)
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
            ["kid"] = key.KeyId,
            ["use"] = "sig",
            ["alg"] = SecurityAlgorithms.EcdsaSha256,
        };
    }
}
