namespace TicketBooth.Accounts.Keys;

/// <summary>
/// Section <c>Accounts:Keys</c>: where the keys are that protect cookies, the keys of access tokens and those of second factors. Whoever
/// has them and the database can sign in as anybody.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>
    /// A folder outside of the database, which all hosts share. Not set: <c>keys</c> in <c>Storage:Path</c>, or with MySQL a table of the
    /// database.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>A PKCS #12 file with an RSA key that encrypts the keys; the same on all hosts.</summary>
    public string? Certificate { get; set; }

    public string? CertificatePassword { get; set; }

    /// <summary>
    /// Leaves the keys in the clear in a database that others may read. Nobody needs to allow it in Development; nobody can in Production.
    /// </summary>
    public bool AllowClear { get; set; }
}
