namespace TicketBooth.Accounts.Storage;

/// <summary>A key of ASP.NET Core's data protection, as it writes it, where the keys are in the database.</summary>
internal sealed class CookieKey
{
    /// <summary>The name that data protection gave it.</summary>
    public required string Id { get; init; }

    public required string Xml { get; init; }
}
