namespace TicketBooth.Accounts.Storage;

/// <summary>A key that protects cookies and form tokens, as ASP.NET Core's data protection writes it.</summary>
internal sealed class CookieKey
{
    /// <summary>The name that data protection gave it.</summary>
    public required string Id { get; init; }

    public required string Xml { get; init; }
}
