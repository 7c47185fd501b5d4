using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Storage;

/// <summary>
/// Protects the keys of access tokens and of second factors with data protection's keys, so that a copy of the database alone signs nobody
/// in.
/// </summary>
/// <remarks>A secret in the clear is read too: a host of the former release may write one until it has been updated.</remarks>
internal sealed class StoredSecrets(IDataProtectionProvider provider)
{
    // The first byte of a PKCS #8 key in DER; data protection's own begin with another one.
    private const byte DerSequence = 0x30;

    private const string LostKeys =
        "Accounts:Keys: the keys that protect the secrets in the accounts' database are missing. Restore them from the backup; "
        + "docs/operations.md says what to do without one.";

    private readonly IDataProtector signingKeys = provider.CreateProtector("TicketBooth.Accounts.SigningKeys");
    private readonly IDataProtector secondFactors = provider.CreateProtector("TicketBooth.Accounts.SecondFactors");

    public static bool IsProtected(byte[] signingKey)
    {
        ArgumentNullException.ThrowIfNull(signingKey);
        return signingKey[0] != DerSequence;
    }

    /// <summary>What stops a start whose keys are not those that the database's secrets were protected with.</summary>
    public static StorageException Lost() => new(LostKeys);

    public byte[] Protect(byte[] signingKey) => signingKeys.Protect(signingKey);

    public byte[] Read(byte[] signingKey)
    {
        try
        {
            return IsProtected(signingKey) ? signingKeys.Unprotect(signingKey) : signingKey;
        }
        catch (CryptographicException failure)
        {
            throw new StorageException(LostKeys, failure);
        }
    }

    public string Protect(string secondFactor) => secondFactors.Protect(secondFactor);

    public string Read(string secondFactor) => Totp.IsKey(secondFactor) ? secondFactor : secondFactors.Unprotect(secondFactor);

    /// <summary>Protects what an earlier release stored in the clear.</summary>
    public async Task UpgradeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var keys = await connection.ListAsync(
            "SELECT Id, PrivateKey FROM SigningKeys",
            row => (Id: row.GetString(0), Key: row.GetFieldValue<byte[]>(1)),
            cancellationToken
        );
        foreach (var (id, key) in keys.Where(each => !IsProtected(each.Key)))
        {
            await connection.RunAsync(
                "UPDATE SigningKeys SET PrivateKey = @key WHERE Id = @id",
                cancellationToken,
                ("@key", Protect(key)),
                ("@id", id)
            );
        }

        var factors = await connection.ListAsync(
            "SELECT UserId, Value FROM AspNetUserTokens WHERE Name = 'AuthenticatorKey'",
            row => (UserId: row.GetGuid(0), Key: row.GetString(1)),
            cancellationToken
        );
        foreach (var (userId, key) in factors.Where(each => Totp.IsKey(each.Key)))
        {
            await connection.RunAsync(
                "UPDATE AspNetUserTokens SET Value = @key WHERE UserId = @user AND Name = 'AuthenticatorKey'",
                cancellationToken,
                ("@key", Protect(key)),
                ("@user", userId)
            );
        }
    }
}
