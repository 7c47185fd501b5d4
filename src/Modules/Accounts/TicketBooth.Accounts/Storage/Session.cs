namespace TicketBooth.Accounts.Storage;

/// <summary>
/// A session whose bearer has a cookie. It lasts as long as its row: whoever deletes the row ends it, at every host at once.
/// </summary>
internal sealed class Session
{
    /// <summary>The longest text that is stored of a browser's own name, and of a network address.</summary>
    public const int LongestDevice = 256;

    public const int LongestAddress = 64;

    public static string CutDevice(string text) => Cut(text, LongestDevice);

    public static string CutAddress(string text) => Cut(text, LongestAddress);

    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>The last request, to the minute.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>The session ends then at the latest, however busy it is.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>What the browser calls itself.</summary>
    public required string Device { get; init; }

    /// <summary>The network address that it began from.</summary>
    public required string Address { get; init; }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest];
}
