namespace TicketBooth.Accounts.Storage;

/// <summary>One refresh token that we issued. The token itself is never stored.</summary>
internal sealed class RefreshToken
{
    /// <summary>SHA-256 of the token's 256 random bits; no slow hash is needed, because nobody can guess those.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>All tokens that descend from one sign-in.</summary>
    public required Guid FamilyId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>When the family began; its last token expires a fixed time after that.</summary>
    public required DateTimeOffset SignedInAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was exchanged for its successor; a second exchange shows that there is a copy.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
