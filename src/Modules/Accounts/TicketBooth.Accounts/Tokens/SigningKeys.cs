using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Tokens;

/// <summary>
/// The key pairs of access tokens: the newest signs, all verify. They are read at the start, and again when a token names an unknown one:
/// another host of the same database may have created it.
/// </summary>
internal sealed class SigningKeys(
    [FromKeyedServices(AccountsDbContext.Module)] RelationalStorage storage,
    StoredSecrets secrets,
    TimeProvider clock
) : IDisposable
{
    // Anybody can send an invented key id, so unknown ones must not cause a query each.
    private static readonly TimeSpan RestBetweenReadings = TimeSpan.FromSeconds(1);

    // The library's own cache is static: it would give this host a key pair that another host of this process has disposed.
    private static readonly CryptoProviderFactory NoCache = new() { CacheSignatureProviders = false };

    private readonly Lock turn = new();
    private volatile Dictionary<string, ECDsaSecurityKey> keys = new(StringComparer.Ordinal);
    private Task reading = Task.CompletedTask;
    private long? lastReading;

    /// <summary>Null before the start, and on a start that only reads.</summary>
    public SigningCredentials? Newest { get; private set; }

    /// <summary>The public halves as a JSON Web Key Set (RFC 7517).</summary>
    public byte[] PublicKeys { get; private set; } = "{\"keys\":[]}"u8.ToArray();

    public async Task LoadAsync(DbConnection connection, bool makeFirst, CancellationToken cancellationToken)
    {
        var stored = await connection.ListAsync(
            "SELECT Id, PrivateKey FROM SigningKeys ORDER BY CreatedAt, Id",
            row => (Id: row.GetString(0), PrivateKey: secrets.Read(row.GetFieldValue<byte[]>(1))),
            cancellationToken
        );
        if (stored.Count == 0 && makeFirst)
        {
            var made = Make(clock.GetUtcNow());
            await connection.RunAsync(
                "INSERT INTO SigningKeys(Id, PrivateKey, CreatedAt) VALUES (@id, @key, @at)",
                cancellationToken,
                ("@id", made.Id),
                ("@key", secrets.Protect(made.PrivateKey)),
                ("@at", made.CreatedAt.UtcTicks)
            );
            stored.Add((made.Id, made.PrivateKey));
        }

        if (stored.Count > 0)
        {
            // A key is never removed: a token that was validated with it is remembered until it expires anyway.
            var all = new Dictionary<string, ECDsaSecurityKey>(keys, StringComparer.Ordinal);
            foreach (var key in stored.Where(key => !all.ContainsKey(key.Id)))
            {
                all.Add(key.Id, Import(key.Id, key.PrivateKey));
            }

            PublicKeys = JsonSerializer.SerializeToUtf8Bytes(
                new PublicKeySet([.. stored.Select(key => PublicHalf(all[key.Id]))]),
                JsonSerializerOptions.Web
            );
            keys = all;
            Newest = new SigningCredentials(all[stored[^1].Id], SecurityAlgorithms.EcdsaSha256);
        }
    }

    /// <summary>Reads the keys again for an unknown one, at most once a second. True when it is known now.</summary>
    public async Task<bool> LearnAsync(string keyId)
    {
        Task current;
        lock (turn)
        {
            if (reading.IsCompleted && (lastReading is not { } last || clock.GetElapsedTime(last) >= RestBetweenReadings))
            {
                lastReading = clock.GetTimestamp();
                reading = ReadAgainAsync();
            }

            current = reading;
        }

        await current;
        return keys.ContainsKey(keyId);
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

    private static ECDsaSecurityKey Import(string id, byte[] privateKey)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(privateKey, out _);
        return new ECDsaSecurityKey(pair) { KeyId = id, CryptoProviderFactory = NoCache };
    }

    private static PublicKey PublicHalf(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new(
            "EC",
            "P-256",
            Base64UrlEncoder.Encode(point.X),
            Base64UrlEncoder.Encode(point.Y),
            key.KeyId,
            "sig",
            SecurityAlgorithms.EcdsaSha256
        );
    }

    private async Task ReadAgainAsync()
    {
        // Outside of the lock, which opening a pooled connection might otherwise hold for a while.
        await Task.Yield();
        await using var connection = await storage.ConnectAsync(CancellationToken.None);
        await LoadAsync(connection, makeFirst: false, CancellationToken.None);
    }
}
