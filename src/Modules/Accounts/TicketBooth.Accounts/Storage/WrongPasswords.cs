namespace TicketBooth.Accounts.Storage;

/// <summary>Wrong passwords for one e-mail address, known or not, that came from one network address.</summary>
internal sealed class WrongPasswords
{
    /// <summary>SHA-256 of both addresses, so that the table lists nobody's.</summary>
    public required byte[] Key { get; init; }

    /// <summary>How many there were since the last right one.</summary>
    public required int Count { get; init; }

    public required DateTimeOffset LastAt { get; init; }
}
