namespace TicketBooth.Accounts.Storage;

/// <summary>
/// Wrong passwords for one e-mail address, known or not, that came from one network address; or sign-ups from one network address that
/// found their e-mail address taken.
/// </summary>
internal sealed class WrongPasswords
{
    /// <summary>SHA-256 of the addresses, so that the table shows nobody's address.</summary>
    public required byte[] Key { get; init; }

    /// <summary>How many there were since the last right one.</summary>
    public required int Count { get; init; }

    public required DateTimeOffset LastAt { get; init; }
}
