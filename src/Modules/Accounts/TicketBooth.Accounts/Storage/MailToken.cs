namespace TicketBooth.Accounts.Storage;

/// <summary>A secret that was sent by mail. It is valid once: whoever deletes its row has used it.</summary>
internal sealed class MailToken
{
    public const string PasswordReset = "password-reset";
    public const string Confirmation = "confirmation";
    public const string EmailChange = "email-change";

    /// <summary>SHA-256 of the token's 256 random bits. The token itself is never stored here.</summary>
    public required byte[] Hash { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>What it may be used for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Where it was sent to: its use proves that mails to this address arrive.</summary>
    public required string Email { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// A secret that was sent to an address, with or without an account, for buying as a guest. Valid once: whoever deletes its row has used
/// it.
/// </summary>
internal sealed class GuestToken
{
    /// <summary>SHA-256 of the token's 256 random bits. The token itself is never stored here.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>As the guest has typed it.</summary>
    public required string Email { get; init; }

    public required string NormalizedEmail { get; init; }

    /// <summary>As the guest has typed it; null when they gave none.</summary>
    public string? Name { get; init; }

    /// <summary>Of mails; null when nobody said.</summary>
    public string? Language { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// Somebody asked for a mail to an address, known or not. It is answered later, so that the time of the request tells nobody which.
/// </summary>
internal sealed class MailRequest
{
    public required Guid Id { get; init; }

    public required string NormalizedEmail { get; init; }

    /// <summary>That the client asked for; null when it asked for none.</summary>
    public string? Language { get; init; }
}

/// <summary>A device that a member of staff has signed in with.</summary>
internal sealed class KnownDevice
{
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of what the browser calls itself.</summary>
    public required byte[] Hash { get; init; }
}
