namespace TicketBooth.Accounts.Storage;

/// <summary>A key pair for access tokens, as stored.</summary>
internal sealed class SigningKey
{
    /// <summary>The <c>kid</c>: the RFC 7638 thumbprint of the public key.</summary>
    public required string Id { get; init; }

    /// <summary>PKCS #8, P-256; stored protected (<see cref="StoredSecrets"/>).</summary>
    public required byte[] PrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
